/// The two wires between host and chip: who sent what, and when it has arrived.
struct SerialLine {
  struct Chunk {
    var bytes: [UInt8]
    /// The sender's speed.
    var speed: Int
    /// When the first byte is complete, and the time from one byte to the next.
    var first: Duration
    var perByte: Duration
    var last: Duration { first + perByte * (bytes.count - 1) }
  }

  let isPaced: Bool
  private var toChip: [Chunk] = []
  private var toHost: [Chunk] = []
  private var toChipFree: Duration = .zero
  private var toHostFree: Duration = .zero

  init(isPaced: Bool) {
    self.isPaced = isPaced
  }

  mutating func hostSends(_ bytes: [UInt8], speed: Int, at now: Duration, pause: Duration) {
    guard let chunk = chunk(bytes, speed, from: max(now, toChipFree) + pause) else { return }
    toChipFree = chunk.last
    toChip.append(chunk)
  }

  /// Queues what the chip sends; returns when its last byte is out.
  @discardableResult
  mutating func chipSends(
    _ bytes: [UInt8], speed: Int, at now: Duration, pause: Duration
  ) -> Duration {
    let start = max(now, toHostFree) + pause
    guard let chunk = chunk(bytes, speed, from: start) else { return start }
    toHostFree = chunk.last
    toHost.append(chunk)
    return chunk.last
  }

  /// The next chunk whose last byte has reached the chip.
  mutating func nextForChip(at now: Duration) -> Chunk? {
    guard let chunk = toChip.first, chunk.last <= now else { return nil }
    return toChip.removeFirst()
  }

  mutating func nextForHost(at now: Duration) -> Chunk? {
    guard let chunk = toHost.first, chunk.last <= now else { return nil }
    return toHost.removeFirst()
  }

  /// Whether so much is under way to the chip that the host has to wait.
  var isFull: Bool { toChip.count >= Self.limit }

  /// Chunks a host may have under way.
  private static let limit = 256

  var nextEvent: Duration? {
    [toChip.first?.last, toHost.first?.last].compactMap(\.self).min()
  }

  /// Ten bits a byte: start bit, eight data bits, stop bit.
  private func chunk(_ bytes: [UInt8], _ speed: Int, from start: Duration) -> Chunk? {
    guard !bytes.isEmpty else { return nil }
    let perByte: Duration = isPaced ? .nanoseconds(10_000_000_000 / max(speed, 1)) : .zero
    return Chunk(bytes: bytes, speed: speed, first: start + perByte, perByte: perByte)
  }
}
