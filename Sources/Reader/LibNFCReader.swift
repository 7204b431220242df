import PN53x
import ReaderWire
import SmartCard
import Synchronization

/// A reader behind libnfc, driven by a process of its own.
///
/// Faults of line, chip and driver are met in this order, each only when the one before did not
/// help: the card is selected again, the reader opened again, the driver started again, and what
/// the reader's `RecoveryPolicy` allows is done to its port; with pauses that grow. `state` says
/// where the connection stands, notices what is being done.
public final class LibNFCReader: ReaderConnection {
  public let connstring: String
  let locate: @Sendable () throws(ReaderError) -> LocatedReader
  let program: DriverProgram
  let highestLineSpeed: UInt32
  let observer: AirObserver?
  private let noticed: (@Sendable (ReaderNotice) -> Void)?
  let shared = Mutex(Shared())

  struct Shared {
    var state = ReaderState.closed
    var information: ReaderInformation?
    var thread: ReaderThread?
    var link: DriverLink?
    var ladder = RecoveryLadder()
    var recovery = RecoveryPolicy.cautious
    /// Why the reader is out of order; nil while it is not.
    var loss: ReaderError?
    var isLossNoticed = false
    var hasBeenOpen = false
    /// Whether a driver was started for the last attempt to open the reader.
    var isDriverFresh = false
    var isBusy = false
    /// Counts activations, so that a card of an earlier one cannot speak for the present one.
    var activation: UInt64 = 0
    /// The line speed the chip was last known to run at.
    var lastSpeed: UInt32 = 0
  }

  /// - Parameters:
  ///   - connstring: libnfc's name of the reader, or whatever name `locate` explains.
  ///   - highestLineSpeed: how far a PN532's serial line may be switched up, bits a second.
  ///   - observer: told what crosses the air.
  ///   - noticed: told when the reader is lost, of what is done about it, and when it is back; on
  ///     any thread.
  ///   - locate: tells libnfc's name each time the reader is opened, and what its recovery may do;
  ///     for readers whose name changes when they are plugged in again. Throws while it is not
  ///     there.
  public init(
    connstring: String, program: DriverProgram = .installed, highestLineSpeed: UInt32 = 921_600,
    observer: AirObserver? = nil, noticed: (@Sendable (ReaderNotice) -> Void)? = nil,
    locate: (@Sendable () throws(ReaderError) -> LocatedReader)? = nil
  ) {
    self.connstring = connstring
    self.locate = locate ?? { LocatedReader(connstring: connstring) }
    self.program = program
    self.highestLineSpeed = highestLineSpeed
    self.observer = observer
    self.noticed = noticed
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

  func thread() throws(ReaderError) -> ReaderThread {
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

  func notice(_ notice: ReaderNotice) { noticed?(notice) }

  /// Says once that a reader which worked does not any more.
  func noticeLoss() {
    let loss = shared.withLock { shared -> ReaderError? in
      guard shared.hasBeenOpen, !shared.isLossNoticed else { return nil }
      shared.isLossNoticed = shared.loss != nil
      return shared.loss
    }
    if let loss { notice(.lost(loss)) }
  }

  public func close() async {
    let link = shared.withLock { shared in
      defer {
        shared.link = nil
        shared.state = .closed
        shared.information = nil
        shared.loss = nil
        shared.isLossNoticed = false
        shared.hasBeenOpen = false
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

  /// What a reply means; notes what it says about the driver.
  func outcome(of reply: DriverLink.Reply) throws(ReaderError) -> DriverMessage.Outcome {
    switch reply {
    case .outcome(.failed(let fault)):
      let error = ReaderError(fault)
      if error.needsReopening {
        lose(fault)
      } else if error != .deadlinePassed, error != .cancelled {
        worked()
      }
      throw error
    case .outcome(let outcome):
      worked()
      return outcome
    case .deadlinePassed: throw .deadlinePassed
    case .ended(.signal(let signal)): throw lose(.fault(.driverKilled(signal: signal)))
    case .ended(.exit(let status)): throw lose(.fault(.driverExited(status: status)))
    case .killedForSilence: throw lose(.fault(.driverSilent))
    case .killedForNonsense: throw lose(.fault(.driverNonsense))
    }
  }

  /// While it is being opened, an answer says nothing yet about the reader's use.
  private func worked() {
    shared.withLock { if $0.state != .opening { $0.ladder.worked() } }
  }

  /// The reader must be opened again before its next use.
  @discardableResult
  func lose(_ error: ReaderError) -> ReaderError {
    shared.withLock {
      if $0.state != .opening { $0.ladder.failedInUse() }
      $0.information = nil
      $0.state = .lost(error)
      $0.loss = $0.loss ?? error
    }
    if error == .fault(.gone) { noticeLoss() }
    return error
  }

  /// The driver says that the reader went while nothing was asked of it.
  func readerLeft() {
    guard shared.withLock({ $0.information != nil }) else { return }
    lose(.fault(.gone))
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
