/// What a program asks of its reader process.
///
/// `budget` is the time the driver may spend on it, in microseconds from receipt. It is a
/// relative time, so both sides may count it on their own monotonic clock; the asking side keeps
/// the deadline whatever the driver does.
public struct DriverRequest: Equatable, Sendable {
  public enum Operation: Equatable, Sendable {
    /// Connstrings of every reader libnfc finds; `intrusive` also probes serial ports.
    case list(intrusive: Bool)
    /// Opens a reader. Speeds in bits a second concern serial lines: the highest to switch up to,
    /// and the one the chip was last left at (0: not known).
    case open(
      connstring: String, highestSpeed: UInt32, lastSpeed: UInt32, care: OpeningCare = [])
    case close
    /// Answers with the first cards found, or `noCard` when the budget is spent. A Type A card
    /// that is likely to come may be named by its UID (else empty).
    case awaitCards(expectedUID: [UInt8])
    /// Reports each card that enters or leaves until cancelled or the budget is spent.
    case watch
    /// One APDU to the selected card.
    case exchange([UInt8])
    /// Field off and on, then selects the card with this UID again (empty: any card of the kind).
    case reactivate(kind: UInt8, uid: [UInt8])
    /// Lets go of the selected card. Has no answer: nobody waits for it, and what it meets shows
    /// in the next request.
    case release
    /// A raw chip command, for diagnosis.
    case chipCommand([UInt8])
    /// Ends the request with this id, which then answers `cancelled`. Has no answer of its own.
    case cancel
    /// Reports each chip command of readers opened from now on (`DriverMessage.chip`). Has no
    /// answer.
    case traceChip

    public var hasAnswer: Bool { self != .release && self != .cancel && self != .traceChip }
  }

  public var id: UInt32
  public var budget: UInt32
  public var operation: Operation

  public init(id: UInt32, budget: UInt32, _ operation: Operation) {
    self.id = id
    self.budget = budget
    self.operation = operation
  }
}

extension DriverRequest {
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }

  /// The request as a frame for the pipe, its length in front (`FrameBuffer`).
  public var frame: [UInt8] {
    var writer = ByteWriter(headroom: 4)
    encode(into: &writer)
    writer.closeFrame()
    return writer.bytes
  }

  private func encode(into writer: inout ByteWriter) {
    writer.u32(id)
    writer.u32(budget)
    switch operation {
    case .list(let intrusive):
      writer.u8(1)
      writer.u8(intrusive ? 1 : 0)
    case .open(let connstring, let highestSpeed, let lastSpeed, let care):
      writer.u8(2)
      writer.text(connstring)
      writer.u32(highestSpeed)
      writer.u32(lastSpeed)
      writer.u8(care.rawValue)
    case .close: writer.u8(3)
    case .awaitCards(let uid):
      writer.u8(4)
      writer.block(uid)
    case .watch: writer.u8(5)
    case .exchange(let apdu):
      writer.u8(6)
      writer.block(apdu)
    case .reactivate(let kind, let uid):
      writer.u8(7)
      writer.u8(kind)
      writer.block(uid)
    case .release: writer.u8(8)
    case .chipCommand(let bytes):
      writer.u8(9)
      writer.block(bytes)
    case .cancel: writer.u8(10)
    case .traceChip: writer.u8(11)
    }
  }

  public init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes)
    id = try reader.u32()
    budget = try reader.u32()
    let kind = try reader.u8()
    operation =
      switch kind {
      case 1: .list(intrusive: try reader.u8() != 0)
      case 2:
        .open(
          connstring: try reader.text(), highestSpeed: try reader.u32(),
          lastSpeed: try reader.u32(), care: OpeningCare(rawValue: try reader.u8()))
      case 3: .close
      case 4: .awaitCards(expectedUID: try reader.block())
      case 5: .watch
      case 6: .exchange(try reader.block())
      case 7: .reactivate(kind: try reader.u8(), uid: try reader.block())
      case 8: .release
      case 9: .chipCommand(try reader.block())
      case 10: .cancel
      case 11: .traceChip
      default: throw .unknownKind(kind)
      }
    try reader.end()
  }
}
