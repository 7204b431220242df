import SmartCard

/// Puts the frames of a trace together to what was said in them: cards activated, APDUs, the field
/// going off. What fits nowhere is a note.
///
/// Takes traces of others as well: with or without checksums, with a CID or a NAD, with repeats,
/// waiting time extensions and DESELECT, and those that begin in the middle. Total and bounded.
public struct FrameAssembler: Sendable {
  private var activation = ActivationAssembler()
  private var blocks = BlockAssembler()
  private var isCardThere = false

  public init() {}

  public mutating func take(_ frame: AirFrame) -> [TraceEvent] {
    switch frame.event {
    case .fieldOn, .fieldOff: return noting(activation.finish()) + endOfCard()
    case .toCard, .toCardWithoutCRC: return fromReader(frame)
    case .fromCard, .fromCardWithoutCRC: return fromCard(frame)
    }
  }

  /// What is left when the trace is over.
  public mutating func finish() -> [TraceEvent] {
    noting(activation.finish()) + blocks.finish()
  }

  private mutating func fromReader(_ frame: AirFrame) -> [TraceEvent] {
    if let events = activation.fromReader(frame) { return noting(events) }
    let before = noting(activation.finish())
    guard let bytes = frame.checked else {
      return before + [.note("a frame of the reader with a wrong checksum")]
    }
    guard let block = Block(bytes) else { return before + [Self.stray(bytes, "reader")] }
    let events = noting(blocks.fromReader(block))
    return before + (events == [.lost] ? endOfCard() : events)
  }

  private mutating func fromCard(_ frame: AirFrame) -> [TraceEvent] {
    if let events = activation.fromCard(frame) { return noting(events) }
    guard let bytes = frame.checked else { return [.note(AirFrame.wrongChecksum)] }
    guard let block = Block(bytes) else { return [Self.stray(bytes, "card")] }
    return noting(blocks.fromCard(block))
  }

  /// Notes whether a card is there, and begins afresh with each.
  private mutating func noting(_ events: [TraceEvent]) -> [TraceEvent] {
    var broken: [TraceEvent] = []
    for event in events {
      switch event {
      case .activated:
        broken = blocks.finish()
        blocks = BlockAssembler()
        isCardThere = true
      case .command, .response: isCardThere = true
      default: break
      }
    }
    return broken + events
  }

  private mutating func endOfCard() -> [TraceEvent] {
    defer {
      blocks = BlockAssembler()
      isCardThere = false
    }
    return blocks.finish() + (isCardThere ? [.lost] : [])
  }

  private static func stray(_ bytes: [UInt8], _ side: String) -> TraceEvent {
    let first = Hexadecimal.text(bytes.prefix(1))
    return .note(
      "a frame of the \(side) that is no block: \(first), \(ShownText.byteCount(bytes.count))")
  }
}
