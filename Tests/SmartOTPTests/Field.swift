import Glibc
import Simulation
import Synchronization

/// A simulated reader with cards in its field, and `smartotp` on it.
struct Field {
  let hardware: SimulatedReader
  /// Once the chip was asked to look for a card.
  let looked: Event
  /// Once an APDU was sent.
  let exchanged: Event

  init(_ cards: any VirtualCard...) throws { try self.init(cards: cards) }

  init(cards: [any VirtualCard]) throws {
    let (looked, exchanged) = (Event(), Event())
    self.looked = looked
    self.exchanged = exchanged
    hardware = try SimulatedReader(cards: cards) { frame in
      guard frame.direction == .toChip else { return }
      switch Self.command(frame)?.first {
      case 0x40: exchanged.happens()
      case 0x4A: looked.happens()
      default: break
      }
    }
  }

  var reader: String { hardware.connectionString }

  func start(
    _ arguments: [String], environment: [String] = [], input: String = ""
  ) throws -> RunningProgram {
    try SmartOTP.start(
      arguments + ["--reader", reader], environment: environment, input: input)
  }

  func run(
    _ arguments: String..., environment: [String] = [], input: String = ""
  ) async throws -> Outcome {
    try await start(arguments, environment: environment, input: input).end()
  }

  /// The commands the chip was sent, without frame and `D4`.
  var commands: [[UInt8]] {
    hardware.frames.filter { $0.direction == .toChip }.compactMap(Self.command)
  }

  private static func command(_ frame: FrameRecord) -> [UInt8]? {
    guard frame.kind == .information, frame.bytes.count > 8, frame.bytes[5] == 0xD4 else {
      return nil
    }
    return Array(frame.bytes[6..<frame.bytes.count - 2])
  }

  /// The speed at which the host's side of the line was left, as termios(3) names it.
  var lineSpeed: speed_t? {
    let descriptor = open(hardware.path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    defer { close(descriptor) }
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return nil }
    return cfgetospeed(&settings)
  }
}

/// Something that happens once, and can be waited for.
final class Event: Sendable {
  private struct State {
    var hasHappened = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func happens() {
    let waiting = state.withLock { state in
      state.hasHappened = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let hasHappened = state.withLock { state in
        if !state.hasHappened { state.waiting.append(continuation) }
        return state.hasHappened
      }
      if hasHappened { continuation.resume() }
    }
  }
}
