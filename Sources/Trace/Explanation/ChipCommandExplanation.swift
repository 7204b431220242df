import PN53x
import SmartCard

/// A command to the reader's chip and what came of it, in words.
public struct ChipCommandExplanation: Equatable, Sendable {
  /// The command's name in the chip's manual, or its number.
  public let name: String
  /// What its parameters say; nil where there is nothing to say.
  public let detail: String?
  /// What came of it.
  public let result: String
  /// The status byte, where the answer has one.
  public let status: UInt8?
  /// Whether it failed.
  public let isFailure: Bool
  /// The command from its code on. What goes to a card is hidden here: the APDU is shown by itself.
  public let command: MaskedBytes
  /// The answer after its code; nil where there was none.
  public let answer: MaskedBytes?
  public let microseconds: UInt32

  public init(_ exchange: ChipExchange, masking: Masking = .secrets) {
    let code = exchange.command.first
    let isOpen = masking == .none || Self.carriesNoCardData(exchange.command)
    name =
      code.map { ChipCommandName.name($0) ?? "command \(Hexadecimal.text([$0]))" } ?? "no command"
    detail = ChipParameters.text(of: exchange.command, isOpen: isOpen)
    command = Self.masked(exchange.command, shown: isOpen ? .max : 2)
    microseconds = exchange.microseconds
    switch exchange.outcome {
    case .answer(let bytes):
      answer = Self.masked(bytes, shown: isOpen ? .max : 1)
      let reading = ChipAnswer(bytes, to: exchange.command)
      (status, result, isFailure) = (reading.status, reading.text, reading.isFailure)
    case .status(let byte):
      answer = .shown([byte])
      (status, result, isFailure) = (byte, ChipAnswer.text(status: byte), true)
    case .noAnswer(let code):
      answer = nil
      (status, isFailure) = (nil, true)
      result = Self.text(libnfcError: code)
    }
  }

  /// As libnfc's nfc.h numbers them.
  private static func text(libnfcError code: Int32) -> String {
    switch code {
    case 0: "an answer without end"
    case -1: "damaged or missing bytes (libnfc error -1)"
    case -4: "the reader is gone (libnfc error -4)"
    case -6: "no answer in time (libnfc error -6)"
    default: "no answer (libnfc error \(code))"
    }
  }

  private static func masked(_ bytes: [UInt8], shown count: Int) -> MaskedBytes {
    let shown = bytes.prefix(count)
    return .shown(shown) + .hidden(bytes.count - shown.count)
  }

  /// Whether nothing in it can be an APDU or a part of one. Blocks of up to three bytes are the
  /// block protocol's own.
  private static func carriesNoCardData(_ command: [UInt8]) -> Bool {
    switch command.first {
    case 0x00, 0x02, 0x04, 0x06, 0x08, 0x0C, 0x0E, 0x10, 0x12, 0x14, 0x16, 0x32, 0x58, 0x44, 0x4A,
      0x4E, 0x50, 0x52, 0x54, 0x56, 0x46, 0x60, nil:
      true
    case 0x42: command.count <= 4
    default: false
    }
  }
}
