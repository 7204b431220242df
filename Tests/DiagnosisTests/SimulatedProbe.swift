import Reader
import Simulation
import Synchronization

@testable import Diagnosis

/// A simulated chip without a line: takes commands, answers at once, and goes wrong as told.
final class SimulatedProbe: DiagnosableReader {
  /// What happens to a command instead of being carried out.
  enum Reply {
    case bytes([UInt8])
    case failure(ReaderError)
  }

  private struct State: ~Copyable {
    var chip = SimulatedChip(timing: .unpaced)
    var now = Duration.zero
    var sent = 0
    var costs: @Sendable ([UInt8], Int) -> Duration = { _, _ in .milliseconds(3) }
    var intercept: (@Sendable ([UInt8], Int) -> Reply?)?
  }

  private let state = Mutex(State())
  private let opening: ReaderError?
  private let isOpen = Mutex(false)
  private let lineSpeed: UInt32?

  /// - Parameters:
  ///   - costs: how long a command takes, given its bytes and its number among all.
  ///   - intercept: may answer a command in the chip's place.
  init(
    failing opening: ReaderError? = nil, cards: [any VirtualCard] = [], lineSpeed: UInt32? = nil,
    costs: (@Sendable ([UInt8], Int) -> Duration)? = nil,
    intercept: (@Sendable ([UInt8], Int) -> Reply?)? = nil
  ) {
    self.opening = opening
    self.lineSpeed = lineSpeed
    state.withLock { state in
      state.chip.wakeUp()
      state.intercept = intercept
      if let costs { state.costs = costs }
      // As the driver sets it: a few tries, then "no card".
      _ = state.chip.begin([0x32, 0x05, 0x02, 0x01, 0x03], at: .zero)
      _ = state.chip.resume(at: .seconds(1))
      for card in cards { state.chip.insert(card, at: .zero) }
    }
  }

  /// A chip that answers one command in another way.
  convenience init(
    _ command: [UInt8], answers bytes: [UInt8], cards: [any VirtualCard] = []
  ) {
    self.init(
      cards: cards, intercept: { sent, _ in sent.starts(with: command) ? .bytes(bytes) : nil })
  }

  private static let start = ContinuousClock.now

  /// The time as the chip's commands let it pass.
  var time: ContinuousClock.Instant { Self.start + state.withLock { $0.now } }

  var information: ReaderInformation? {
    guard isOpen.withLock({ $0 }) else { return nil }
    return ReaderInformation(
      connstring: "test", name: "simulated", chip: "PN532 1.6", supportsTypeB: true,
      lineSpeed: lineSpeed)
  }

  func open(deadline: ContinuousClock.Instant) async throws(ReaderError) {
    if let opening { throw opening }
    isOpen.withLock { $0 = true }
  }

  func close() async { isOpen.withLock { $0 = false } }

  func chipCommand(
    _ bytes: [UInt8], deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> [UInt8] {
    switch state.withLock({ Self.reply(to: bytes, &$0) }) {
    case .bytes(let answer): return answer
    case .failure(let error): throw error
    }
  }

  private static func reply(to bytes: [UInt8], _ state: inout State) -> Reply {
    defer { state.sent += 1 }
    state.now += state.costs(bytes, state.sent)
    if let reply = state.intercept?(bytes, state.sent) { return reply }
    var progress = state.chip.begin(bytes, at: state.now)
    for _ in 0..<10_000 {
      switch progress {
      case .done(let answer): return reply(answer)
      case .waiting(let until):
        guard let until else { return .failure(.deadlinePassed) }
        state.now = max(until, state.now)
        progress = state.chip.resume(at: state.now)
      }
    }
    return .failure(.deadlinePassed)
  }

  private static func reply(_ answer: ChipAnswer) -> Reply {
    switch answer {
    case .data(let bytes): .bytes(Array(bytes.dropFirst()))
    default: .failure(.fault(.line(code: -1)))
    }
  }
}
