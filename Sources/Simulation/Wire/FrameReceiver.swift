/// What the chip makes of the bytes that reach its serial input.
public enum HostFrame: Equatable, Sendable {
  case acknowledge
  case negativeAcknowledge
  /// Command code and parameters, without the frame identifier.
  case command([UInt8])
  /// A frame whose sums are right and whose content is no command.
  case malformed
}

/// The chip's frame receiver, a byte at a time.
///
/// It is as forgiving as the chip: anything may stand before the start code, a frame whose sums
/// are wrong vanishes without a word, and the frame is over with its checksum, so the postamble is
/// never looked at. That last habit is why the chip can't notice a lost zero byte: the data slide
/// by one, the checksum becomes the last data byte, the postamble `00` takes the checksum's place,
/// and the sum is right again.
public struct FrameReceiver: Sendable {
  /// The longest frame the chip's buffer holds, frame identifier included (UM0701-02 §6.2.1.2).
  public static let maximumLength = 265

  private enum State: Equatable, Sendable {
    case seekingZero
    case seekingStart
    case length
    case lengthChecksum(UInt8)
    case extendedLength([UInt8])
    case data(remaining: Int)
  }

  private var state = State.seekingZero
  private var data: [UInt8] = []

  public init() {}

  /// Takes the next byte; a frame when this byte completes one.
  public mutating func receive(_ byte: UInt8) -> HostFrame? {
    switch state {
    case .seekingZero:
      if byte == 0x00 { state = .seekingStart }
    case .seekingStart:
      if byte == 0xFF { state = .length } else if byte != 0x00 { state = .seekingZero }
    case .length:
      state = .lengthChecksum(byte)
    case .lengthChecksum(let length):
      return startCode(length, byte)
    case .extendedLength(let head):
      extend(head + [byte])
    case .data(let remaining):
      data.append(byte)
      state = .data(remaining: remaining - 1)
      if remaining == 1 { return finish() }
    }
    return nil
  }

  private mutating func startCode(_ length: UInt8, _ checksum: UInt8) -> HostFrame? {
    state = .seekingZero
    switch (length, checksum) {
    case (0x00, 0xFF): return .acknowledge
    case (0xFF, 0x00): return .negativeAcknowledge
    case (0xFF, 0xFF): state = .extendedLength([])
    default: if length &+ checksum == 0 { expect(Int(length)) }
    }
    return nil
  }

  private mutating func extend(_ head: [UInt8]) {
    guard head.count == 3 else {
      state = .extendedLength(head)
      return
    }
    state = .seekingZero
    if head[0] &+ head[1] &+ head[2] == 0 { expect(Int(head[0]) << 8 | Int(head[1])) }
  }

  private mutating func expect(_ length: Int) {
    guard length > 0, length <= Self.maximumLength else { return }
    data.removeAll(keepingCapacity: true)
    state = .data(remaining: length + 1)
  }

  private mutating func finish() -> HostFrame? {
    state = .seekingZero
    guard data.reduce(0, &+) == 0 else { return nil }
    guard data[0] == ChipFrame.toChip, data.count > 2 else { return .malformed }
    return .command(Array(data[1..<(data.count - 1)]))
  }
}
