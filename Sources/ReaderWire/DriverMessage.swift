import PN53x

/// What the reader process tells its program: the one answer to a request, or an event on the way.
public enum DriverMessage: Equatable, Sendable {
  case answer(id: UInt32, Outcome)
  case cardsEntered(id: UInt32, [DetectedCard])
  case cardsLeft(id: UInt32)
  /// For a while every look at the field has found nothing.
  case fieldClear(id: UInt32)
  /// A chip command was carried out. Only after `traceChip`.
  case chip(id: UInt32, ChipExchange)
  /// The reader's device has gone while nothing was asked of it.
  case readerLeft

  public enum Outcome: Equatable, Sendable {
    case done
    case connstrings([String])
    case opened(OpenedReader)
    case cards([DetectedCard])
    /// Bytes of a card or chip, undecoded.
    case bytes([UInt8])
    case failed(DriverFault)
  }
}

/// A card as the chip reported it: kind (`TargetKind`) and raw activation bytes. Both sides decode
/// them with their own total decoders; neither trusts the other's reading.
public struct DetectedCard: Equatable, Sendable {
  public var kind: UInt8
  public var activation: [UInt8]

  public init(kind: UInt8, activation: [UInt8]) {
    self.kind = kind
    self.activation = activation
  }
}

/// What opening a reader found out.
public struct OpenedReader: Equatable, Sendable {
  /// libnfc's name for the device.
  public var name: String
  /// The raw answer of GetFirmwareVersion.
  public var firmware: [UInt8]
  /// The serial line's speed in bits a second, 0 where there is no serial line.
  public var lineSpeed: UInt32

  public init(name: String, firmware: [UInt8], lineSpeed: UInt32) {
    self.name = name
    self.firmware = firmware
    self.lineSpeed = lineSpeed
  }
}

/// Why a request failed, as the driver saw it.
public struct DriverFault: Error, Equatable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// No driver of libnfc knows this connstring.
    case unknownConnstring = 1
    /// The device is not there.
    case notFound
    /// The operating system refused access.
    case permission
    /// The path is no serial port.
    case notSerialPort
    /// Another program holds the reader.
    case claimed
    /// There is a device, but no PN53x answers on it.
    case silent
    /// The chip answers, but not as a chip this driver knows.
    case unidentifiedChip
    /// Bytes lost or damaged between host and chip; `code` is libnfc's error.
    case line
    /// The chip was switched to a speed that its line cannot carry: only removing its power brings
    /// it back. `code` is that speed in bits a second.
    case speedLost
    /// The chip reported an error; `code` is its status byte.
    case chipStatus
    /// The reader's device is gone (unplugged).
    case gone
    /// No card within the budget.
    case noCard
    /// The card that answered is not the one asked for.
    case otherCard
    /// Activation data or an answer that breaks the chip's or the card's format.
    case malformed
    /// The budget was spent.
    case deadline
    case cancelled
    /// No reader is open: it was lost, and opening it again failed.
    case notOpen
    /// The request does not fit the driver's state.
    case state
    /// libnfc lacks what the driver needs.
    case library
    /// The card's answer is longer than any may be.
    case answerTooLong
    /// The reader's answers belong to other commands, or it has none: only a new driver process,
    /// which opens the reader afresh, gets it back.
    case outOfStep
  }

  public var kind: Kind
  public var code: Int32
  /// What was observed, for the operator; may be empty.
  public var detail: String
  /// Whether the card may have carried out the command.
  public var commandMayHaveRun: Bool

  public init(_ kind: Kind, code: Int32 = 0, detail: String = "", commandMayHaveRun: Bool = false) {
    self.kind = kind
    self.code = code
    self.detail = detail
    self.commandMayHaveRun = commandMayHaveRun
  }
}

extension DriverMessage {
  /// More cards than the field holds are no real answer.
  static let maximumCards = 8
  static let maximumConnstrings = 64

  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  /// The message as a frame for the pipe, its length in front (`FrameBuffer`).
  public var frame: [UInt8] {
    var writer = ByteWriter(headroom: 4)
    encode(into: &writer)
    writer.closeFrame()
    return writer.bytes
  }

  private func encode(into writer: inout ByteWriter) {
    switch self {
    case .answer(let id, let outcome):
      writer.u8(1)
      writer.u32(id)
      outcome.encode(into: &writer)
    case .cardsEntered(let id, let cards):
      writer.u8(2)
      writer.u32(id)
      writer.cards(cards)
    case .cardsLeft(let id):
      writer.u8(3)
      writer.u32(id)
    case .chip(let id, let exchange):
      writer.u8(4)
      writer.u32(id)
      writer.exchange(exchange)
    case .readerLeft:
      writer.u8(5)
      writer.u32(0)
    case .fieldClear(let id):
      writer.u8(6)
      writer.u32(id)
    }
  }

  public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    let kind = try reader.u8()
    let id = try reader.u32()
    self =
      switch kind {
      case 1: .answer(id: id, try Outcome(decoding: &reader))
      case 2: .cardsEntered(id: id, try reader.cards())
      case 3: .cardsLeft(id: id)
      case 4: .chip(id: id, try reader.exchange())
      case 5: .readerLeft
      case 6: .fieldClear(id: id)
      default: throw .unknownKind(kind)
      }
    try reader.end()
  }
}

extension DriverMessage.Outcome {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .done: writer.u8(1)
    case .connstrings(let list):
      writer.u8(2)
      writer.u32(UInt32(min(list.count, DriverMessage.maximumConnstrings)))
      for connstring in list.prefix(DriverMessage.maximumConnstrings) { writer.text(connstring) }
    case .opened(let reader):
      writer.u8(3)
      writer.text(reader.name)
      writer.block(reader.firmware)
      writer.u32(reader.lineSpeed)
    case .cards(let cards):
      writer.u8(4)
      writer.cards(cards)
    case .bytes(let bytes):
      writer.u8(5)
      writer.block(bytes)
    case .failed(let fault):
      writer.u8(6)
      writer.u8(fault.kind.rawValue)
      writer.u32(UInt32(bitPattern: fault.code))
      writer.text(fault.detail)
      writer.u8(fault.commandMayHaveRun ? 1 : 0)
    }
  }

  init(decoding reader: inout ByteReader) throws(WireError) {
    let kind = try reader.u8()
    switch kind {
    case 1: self = .done
    case 2:
      let count = try reader.u32()
      guard count <= DriverMessage.maximumConnstrings else { throw .tooLong(Int(count)) }
      var list: [String] = []
      for _ in 0..<count { list.append(try reader.text()) }
      self = .connstrings(list)
    case 3:
      self = .opened(
        OpenedReader(
          name: try reader.text(), firmware: try reader.block(), lineSpeed: try reader.u32()))
    case 4: self = .cards(try reader.cards())
    case 5: self = .bytes(try reader.block())
    case 6:
      let code = try reader.u8()
      guard let faultKind = DriverFault.Kind(rawValue: code) else { throw .unknownKind(code) }
      self = .failed(
        DriverFault(
          faultKind, code: Int32(bitPattern: try reader.u32()), detail: try reader.text(),
          commandMayHaveRun: try reader.u8() != 0))
    default: throw .unknownKind(kind)
    }
  }
}

extension ByteWriter {
  fileprivate mutating func exchange(_ exchange: ChipExchange) {
    block(exchange.command)
    switch exchange.outcome {
    case .answer(let bytes):
      u8(1)
      block(bytes)
    case .status(let status):
      u8(2)
      u8(status)
    case .noAnswer(let code):
      u8(3)
      u32(UInt32(bitPattern: code))
    }
    u32(exchange.microseconds)
  }

  fileprivate mutating func cards(_ cards: [DetectedCard]) {
    u8(UInt8(min(cards.count, DriverMessage.maximumCards)))
    for card in cards.prefix(DriverMessage.maximumCards) {
      u8(card.kind)
      block(card.activation)
    }
  }
}

extension ByteReader {
  fileprivate mutating func exchange() throws(WireError) -> ChipExchange {
    let command = try block()
    let kind = try u8()
    let outcome: ChipExchange.Outcome =
      switch kind {
      case 1: .answer(try block())
      case 2: .status(try u8())
      case 3: .noAnswer(code: Int32(bitPattern: try u32()))
      default: throw .unknownKind(kind)
      }
    return ChipExchange(command: command, outcome: outcome, microseconds: try u32())
  }

  fileprivate mutating func cards() throws(WireError) -> [DetectedCard] {
    let count = try u8()
    guard count <= DriverMessage.maximumCards else { throw .tooLong(Int(count)) }
    var cards: [DetectedCard] = []
    for _ in 0..<count {
      cards.append(DetectedCard(kind: try u8(), activation: try block()))
    }
    return cards
  }
}

extension DetectedCard {
  /// The kind of a card whose activation data could not be decoded; `activation` is then text that
  /// says why.
  public static let malformed: UInt8 = 0xFF
}
