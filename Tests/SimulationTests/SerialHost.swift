import SmartCard

@testable import Simulation

/// A host on a simulated line, with a clock that stands still unless told.
struct SerialHost {
  var serial: SerialChip
  var now: Duration = .seconds(1)
  /// The host's own speed.
  var speed = 115_200
  private(set) var received: [SerialLine.Chunk] = []

  init(timing: Timing = .unpaced, cards: [any VirtualCard] = [], isAwake: Bool = true) {
    serial = SerialChip(timing: timing)
    for card in cards { serial.chip.insert(card, at: now) }
    if isAwake { serial.chip.wakeUp() }
  }

  /// Writes bytes and returns those that come back while the clock stands still.
  @discardableResult
  mutating func write(_ bytes: [UInt8]) -> [UInt8] {
    serial.hostSent(bytes, speed: speed, at: now)
    return settle()
  }

  /// Sends a command, lets all the time pass that it takes, and returns its answer: code and data.
  @discardableResult
  mutating func command(_ bytes: [UInt8]) -> [UInt8]? {
    let out = write(SerialHost.frame(bytes)) + finish()
    let acknowledgement = ChipFrame.acknowledge.encoded
    guard out.starts(with: acknowledgement) else { return nil }
    return SerialHost.answer(Array(out.dropFirst(acknowledgement.count)))
  }

  /// Lets time pass to the next event, until nothing more is due.
  mutating func finish() -> [UInt8] {
    var out: [UInt8] = []
    for _ in 0..<10_000 {
      guard let next = serial.nextEvent else { break }
      now = max(now, next)
      out += settle()
    }
    return out
  }

  mutating func pass(_ duration: Duration) -> [UInt8] {
    now += duration
    return settle()
  }

  private mutating func settle() -> [UInt8] {
    let chunks = serial.advance(to: now)
    received += chunks
    return chunks.flatMap {
      LineSpeed.received(
        $0.bytes, sentAt: $0.speed, readAt: speed, maximum: serial.maximumSpeed)
    }
  }

  static func frame(_ command: [UInt8]) -> [UInt8] {
    ChipFrame.information(ChipFrame.toChip, command)
  }

  /// Code and data of an answer frame.
  static func answer(_ frame: [UInt8]) -> [UInt8]? {
    let head = frame.starts(with: [0, 0, 0xFF, 0xFF, 0xFF]) ? 8 : 5
    guard frame.count >= head + 4, frame[head] == 0xD5 else { return nil }
    return Array(frame[(head + 1)..<(frame.count - 2)])
  }

  mutating func listA(uid: [UInt8] = [], maximum: UInt8 = 1) -> [UInt8]? {
    command([0x4A, maximum, 0x00] + uid)
  }

  mutating func exchange(_ data: [UInt8], target: UInt8 = 1) -> [UInt8]? {
    command([0x40, target] + data)
  }

  /// Finite searches: as many tries as given.
  mutating func setRetries(_ retries: UInt8) {
    _ = command([0x32, 0x05, 0x01, 0x01, retries])
  }
}

extension [UInt8] {
  /// The bytes of a text in hexadecimal; a test's own literals are right.
  init(hex text: String) { self = Hexadecimal.bytes(text.filter { $0 != " " }) ?? [] }
}
