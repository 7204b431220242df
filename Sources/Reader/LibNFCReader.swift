import PN53x
import ReaderWire
import SmartCard
import Synchronization

/// A reader behind libnfc, driven by a process of its own.
///
/// Faults of line, chip and driver are met in this order, each only when the one before did not
/// help: the card is selected again, the reader opened again, the driver started again, with
/// pauses that grow. `state` says where the connection stands.
public final class LibNFCReader: ReaderConnection {
  public let connstring: String
  private let locate: @Sendable () -> String?
  private let program: DriverProgram
  private let highestLineSpeed: UInt32
  let observer: AirObserver?
  private let shared = Mutex(Shared())

  private struct Shared {
    var state = ReaderState.closed
    var information: ReaderInformation?
    var thread: ReaderThread?
    var link: DriverLink?
    var backOff = BackOff()
    var isBusy = false
    /// Counts activations, so that a card of an earlier one cannot speak for the present one.
    var activation: UInt64 = 0
    /// The line speed the chip was last known to run at.
    var lastSpeed: UInt32 = 0
  }

  /// - Parameters:
  ///   - connstring: libnfc's name of the reader, or whatever name `locate` explains.
  ///   - locate: tells libnfc's name each time the reader is opened, nil while it is not there;
  ///     for readers whose name changes when they are plugged in again.
  ///   - highestLineSpeed: how far a PN532's serial line may be switched up, bits a second.
  ///   - observer: told what crosses the air.
  public init(
    connstring: String, program: DriverProgram = .installed, highestLineSpeed: UInt32 = 921_600,
    observer: AirObserver? = nil, locate: (@Sendable () -> String?)? = nil
  ) {
    self.connstring = connstring
    self.locate = locate ?? { connstring }
    self.program = program
    self.highestLineSpeed = highestLineSpeed
    self.observer = observer
  }

  deinit {
    let (link, thread) = shared.withLock { ($0.link, $0.thread) }
    link?.close()
    thread?.stop()
  }

  /// The reader's own thread. Tasks that prefer it (`withTaskExecutorPreference`) save a change of
  /// thread at each exchange; they must not block, since the thread also keeps the deadlines.
  ///
  /// - Throws: `fault(unsupported)` when the system has no thread left.
  public func executor() throws(ReaderError) -> any TaskExecutor { try thread() }

  private func thread() throws(ReaderError) -> ReaderThread {
    try shared.withLock { shared throws(ReaderError) in
      if let thread = shared.thread { return thread }
      let thread = try ReaderThread()
      shared.thread = thread
      return thread
    }
  }

  public var state: ReaderState { shared.withLock { $0.state } }
  public var information: ReaderInformation? { shared.withLock { $0.information } }

  func setState(_ state: ReaderState) { shared.withLock { $0.state = state } }

  public func open(deadline: ContinuousClock.Instant) async throws(ReaderError) {
    try await alone { () async throws(ReaderError) in
      _ = try await openLink(deadline: deadline)
    }
  }

  public func close() async {
    let link = shared.withLock { shared in
      defer {
        shared.link = nil
        shared.state = .closed
        shared.information = nil
        shared.lastSpeed = 0
      }
      return shared.link
    }
    guard let link else { return }
    observer?.observe(.lost)
    _ = await link.request(.close, deadline: MonotonicClock.now() &+ 1_000_000_000)
    await link.end()
  }
}

// MARK: - The driver

extension LibNFCReader {
  /// Runs one operation at a time.
  func alone<Value: Sendable>(
    _ body: () async throws(ReaderError) -> Value
  ) async throws(ReaderError) -> Value {
    guard shared.withLock({ take(&$0.isBusy) }) else { throw .busy }
    defer { shared.withLock { $0.isBusy = false } }
    return try await body()
  }

  private func take(_ flag: inout Bool) -> Bool {
    defer { flag = true }
    return !flag
  }

  /// The link to a driver that has the reader open; starts and opens what is not.
  func openLink(deadline: ContinuousClock.Instant) async throws(ReaderError) -> DriverLink {
    let (current, pause) = shared.withLock { shared in
      let isUsable = shared.information != nil && shared.link?.hasEnded == false
      return (isUsable ? shared.link : nil, shared.backOff.pause)
    }
    if let current { return current }
    if pause > .zero {
      try? await Task.sleep(until: min(.now + pause, deadline), clock: .continuous)
      if Task.isCancelled { throw .cancelled }
    }
    setState(.opening)
    do {
      let link = try startedLink()
      try await open(on: link, deadline: deadline)
      shared.withLock {
        $0.backOff.succeeded()
        $0.state = .idle
      }
      return link
    } catch {
      shared.withLock {
        $0.backOff.failed()
        $0.state = .lost(error)
      }
      throw error
    }
  }

  private func startedLink() throws(ReaderError) -> DriverLink {
    if let link = shared.withLock({ $0.link }), !link.hasEnded { return link }
    let link = try DriverLink.start(program, on: thread(), onChip: observer?.observeChip)
    shared.withLock { $0.link = link }
    return link
  }

  private func open(
    on link: DriverLink, deadline: ContinuousClock.Instant
  ) async throws(ReaderError) {
    guard let connstring = locate() else { throw .notFound(connstring) }
    let lastSpeed = shared.withLock { $0.lastSpeed }
    let reply = await link.request(
      .open(connstring: connstring, highestSpeed: highestLineSpeed, lastSpeed: lastSpeed),
      deadline: MonotonicClock.time(of: deadline))
    guard case .opened(let opened) = try outcome(of: reply) else {
      throw .fault(.driverNonsense)
    }
    let information = ReaderInformation(connstring: connstring, opened: opened)
    shared.withLock {
      $0.information = information
      $0.lastSpeed = opened.lineSpeed
    }
  }

  /// What a reply means; notes what it says about the driver.
  func outcome(of reply: DriverLink.Reply) throws(ReaderError) -> DriverMessage.Outcome {
    switch reply {
    case .outcome(.failed(let fault)):
      let error = ReaderError(fault)
      if error.needsReopening { lose(fault) }
      throw error
    case .outcome(let outcome): return outcome
    case .deadlinePassed: throw .deadlinePassed
    case .ended(.signal(let signal)): throw lose(.fault(.driverKilled(signal: signal)))
    case .ended(.exit(let status)): throw lose(.fault(.driverExited(status: status)))
    case .killedForSilence: throw lose(.fault(.driverSilent))
    case .killedForNonsense: throw lose(.fault(.driverNonsense))
    }
  }

  /// The reader must be opened again before its next use.
  @discardableResult
  func lose(_ error: ReaderError) -> ReaderError {
    shared.withLock {
      $0.information = nil
      $0.state = .lost(error)
    }
    return error
  }

  /// The same after a fault that the driver reported.
  func lose(_ fault: DriverFault) {
    lose(ReaderError(fault))
    guard fault.kind == .outOfStep else { return }
    shared.withLock { $0.link.take() }?.abandon()
  }

  func newActivation() -> UInt64 {
    shared.withLock { shared in
      shared.activation &+= 1
      shared.state = .selected
      return shared.activation
    }
  }

  func isCurrent(_ activation: UInt64) -> Bool {
    shared.withLock { $0.activation == activation }
  }

  /// The link as it is, for an exchange that must not open anything first.
  func liveLink() -> DriverLink? {
    shared.withLock { $0.information == nil || $0.link?.hasEnded != false ? nil : $0.link }
  }
}

extension ReaderError {
  /// Whether the driver's reader is of no more use as it is.
  var needsReopening: Bool {
    switch self {
    case .fault(.gone), .fault(.line), .silent, .unidentifiedChip: true
    default: false
    }
  }
}

extension ReaderInformation {
  init(connstring: String, opened: OpenedReader) {
    let firmware = try? FirmwareVersion(parsing: opened.firmware)
    let chip =
      switch firmware?.chip {
      case .pn531: "PN531"
      case .pn532: "PN532"
      case .pn533: "PN533"
      case .unknown, nil: "unknown chip"
      }
    self.init(
      connstring: connstring, name: opened.name,
      chip: firmware.map { "\(chip) \($0.version).\($0.revision)" } ?? chip,
      supportsTypeB: firmware?.supportsTypeB ?? false,
      lineSpeed: opened.lineSpeed == 0 ? nil : opened.lineSpeed)
  }
}
