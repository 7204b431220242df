import PN53x
import TestMaterial
import Testing

@testable import Trace

@Suite("Chip commands in words")
struct ChipExplanationTests {
  private func line(
    _ command: String, _ outcome: ChipExchange.Outcome, masking: Masking = .secrets
  ) -> String {
    explanation(command, outcome, masking: masking).line
  }

  private func explanation(
    _ command: String, _ outcome: ChipExchange.Outcome, masking: Masking = .secrets
  ) -> ChipCommandExplanation {
    ChipCommandExplanation(
      ChipExchange(command: hex(command), outcome: outcome, microseconds: 1), masking: masking)
  }

  @Test(
    "Commands and their answers read as in the chip's manual",
    arguments: [
      ("02", "32010607", "GetFirmwareVersion -> PN532 1.6, type A, type B, ISO 18092"),
      ("02", "0402", "GetFirmwareVersion -> PN531 4.2, type A"),
      ("02", "ff", "GetFirmwareVersion -> a version of unknown form, FF"),
      (
        "04", "0100010100000080",
        "GetGeneralStatus -> last error 01 "
          + "(time-out, the target has not answered), external field off, targets: 1"
      ),
      ("0000534f01", "00534f01", "Diagnose: communication line, 3 bytes -> the same 3 bytes"),
      ("0001", "00", "Diagnose: ROM -> passed"), ("0002", "ff", "Diagnose: RAM -> failed"),
      (
        "0006", "29",
        "Diagnose: is the card still there -> status 29, "
          + "target released by its initiator"
      ),
      ("000700", "00", "Diagnose: antenna -> passed"),
      ("000700", "2d", "Diagnose: antenna -> status 2D, over-current"),
      ("063301", "00", "ReadRegister: registers: 1 -> 1 byte"),
      ("08330100630280", "", "WriteRegister: registers: 2 -> done"),
      ("1007", "", "SetSerialBaudRate: 921600 baud -> done"),
      ("1008", "", "SetSerialBaudRate: speed 08 -> done"),
      ("1214", "", "SetParameters: 14 -> done"),
      ("1401", "", "SAMConfiguration: no security module -> done"),
      ("16f0", "00", "PowerDown: F0 -> success"),
      ("320100", "", "RFConfiguration: field off -> done"),
      ("320101", "", "RFConfiguration: field on -> done"),
      ("3202000b0b", "", "RFConfiguration: timers: activation 102.4 ms, exchange 102.4 ms -> done"),
      ("3202000010", "", "RFConfiguration: timers: activation none, exchange 3276.8 ms -> done"),
      ("32050201ff", "", "RFConfiguration: tries again: ATR 2, PSL 1, activation for ever -> done"),
      ("320a59", "", "RFConfiguration: analog settings 0A -> done"),
      ("4a0200", "00", "InListPassiveTarget: type A, up to 2 targets -> no target"),
      (
        "4a0200", "0101004420040102030405788070 02",
        "InListPassiveTarget: type A, up to 2 targets -> 1 target, uid 01020304"
      ),
      (
        "4a01008804a23b1c5d6e80", "00",
        "InListPassiveTarget: type A, one target, uid 04A23B1C5D6E80 -> no target"
      ),
      (
        "4a020300", "ff",
        "InListPassiveTarget: type B, up to 2 targets -> "
          + "the chip reported an impossible number of cards"
      ),
      ("4a0101", "0101", "InListPassiveTarget: FeliCa at 212 kbit/s, one target -> targets: 1"),
      ("4001 00a4", "00 9000", "InDataExchange: target 1, 2 bytes -> success, 2 bytes"),
      ("4041 00a4", "00", "InDataExchange: target 1, 2 bytes, more to follow -> success"),
      (
        "4001 00a4", "40 9000",
        "InDataExchange: target 1, 2 bytes -> success, more to come, 2 bytes"
      ),
      ("4001 00a4", "", "InDataExchange: target 1, 2 bytes -> an answer without its status byte"),
      (
        "42b2", "00a2",
        "InCommunicateThru: R(NAK) block, is the card still there -> success, 1 byte"
      ),
      ("42 0200a40400", "00 02", "InCommunicateThru: 5 bytes -> success, 1 byte"),
      ("4401", "00", "InDeselect: target 1 -> success"),
      ("5200", "00", "InRelease: all targets -> success"),
      ("4e010202", "00", "InPSL: target 1, 0202 -> success"),
      ("8c0000", "00", "TgInitAsTarget: 2 bytes -> 1 byte"),
      ("a0b1", "00", "command A0: 1 byte -> 1 byte"), ("", "", "no command -> done"),
    ])
  func reads(command: String, answer: String, expected: String) {
    #expect(line(command, .answer(hex(answer))) == expected)
  }

  @Test("A failure says whose it is")
  func failures() {
    let refused = explanation("4001 00a4", .status(0x01))
    #expect(refused.result == "status 01, time-out, the target has not answered")
    #expect(refused.isFailure && refused.status == 0x01)
    #expect(line("02", .noAnswer(code: -6)).hasSuffix("-> no answer in time (libnfc error -6)"))
    #expect(line("02", .noAnswer(code: -99)).hasSuffix("-> no answer (libnfc error -99)"))
    #expect(line("4001", .noAnswer(code: 0)).hasSuffix("-> an answer without end"))
    #expect(explanation("02", .noAnswer(code: -6)).isFailure)
    #expect(!explanation("02", .answer([])).isFailure)
    #expect(explanation("4001 00", .answer([0x0B])).isFailure)
    #expect(explanation("0002", .answer([0xFF])).isFailure)
  }

  @Test("What goes to a card and comes from it is hidden, unless asked for")
  func hiding() {
    for command in ["4001 00a2000103710161", "42 0200a2000103710161", "9000760506", "a0760506"] {
      let shown = explanation(command, .answer(hex("00 7605 0601020304 9000")))
      #expect(shown.command.bytes.count == hex(command).count)
      #expect(shown.command[2..<99].hidesAll)
      #expect(shown.answer?[1..<99].hidesAll == true)
      let open = explanation(command, .answer(hex("00 7605 0601020304 9000")), masking: .none)
      #expect(open.command == hex(command))
      #expect(open.answer?.hidesAny == false)
    }
    #expect(explanation("42b2", .answer([0, 0xA2])).answer?.hidesAny == false)
    #expect(explanation("4a0200", .answer([0])).command.hidesAny == false)
  }

  @Test("Any bytes to and from a chip give text")
  func fuzz() {
    var generator = SeededGenerator(state: 532)
    let codes: [UInt8] = [0x00, 0x02, 0x04, 0x10, 0x14, 0x32, 0x40, 0x42, 0x4A, 0x4E, 0x52, 0x60]
    for index in 0..<40_000 {
      var command = generator.bytes(Int.random(in: 0...12, using: &generator))
      if !command.isEmpty, Bool.random(using: &generator) {
        command[0] = codes[index % codes.count]
      }
      let answer = generator.bytes(Int.random(in: 0...40, using: &generator))
      let outcome: ChipExchange.Outcome =
        switch index % 8 {
        case 0: .status(answer.first ?? 0)
        case 1: .noAnswer(code: Int32.random(in: .min ... .max, using: &generator))
        default: .answer(answer)
        }
      let exchange = ChipExchange(command: command, outcome: outcome, microseconds: .max)
      for masking in [Masking.secrets, .none] {
        let shown = ChipCommandExplanation(exchange, masking: masking)
        #expect(!shown.line.isEmpty)
        #expect(shown.command.count == command.count)
      }
    }
  }
}
