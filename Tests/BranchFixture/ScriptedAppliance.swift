import Appliance
import SmartOTP
import Synchronization

/// An appliance that is and does what a test says.
public final class ScriptedAppliance: ApplianceControl {
  private struct State {
    var status = ScriptedAppliance.healthy
    var picture = Picture(.screen(.idle(centerIsThere: true)))
    var answer: Result<Transaction, BranchRefusal> = .failure(.noInstitution)
    var loans = 0
    var loansEnded = 0
    var loanRefusal: BranchRefusal?
    var doctor: Result<String, BranchRefusal> = .success(#"{"checks":[]}"#)
    var submitted: [LocalTransaction] = []
    var submittedKeys: [String?] = []
    var cancellations = 0
    var isHanging = false
    var hanging: [AsyncStream<Void>.Continuation] = []
    var lastEvent: Int64 = 0
    var consumers: [AsyncStream<ApplianceEvent>.Continuation] = []
  }

  private let state = Mutex(State())

  public init() {}

  // MARK: What a test says

  public func change(_ body: (inout ApplianceStatus) -> Void) {
    state.withLock { body(&$0.status) }
  }

  public func show(_ picture: Picture) { state.withLock { $0.picture = picture } }

  public func answerTransactions(with answer: Result<Transaction, BranchRefusal>) {
    state.withLock { $0.answer = answer }
  }

  public func answerDoctor(with answer: Result<String, BranchRefusal>) {
    state.withLock { $0.doctor = answer }
  }

  public func refuseLoans(with refusal: BranchRefusal?) {
    state.withLock { $0.loanRefusal = refusal }
  }

  /// Whether it answers nothing that it is asked from now on; what hung before goes on.
  public func hang(_ isHanging: Bool) {
    state.withLock { state in
      state.isHanging = isHanging
      for end in state.hanging { end.finish() }
      state.hanging = []
    }
  }

  /// - Parameter skipping: so many events before it are lost on the way.
  public func happen(
    _ kind: ApplianceEvent.Kind, _ value: String, text: String = "it happened", skipping: Int64 = 0
  ) {
    state.withLock { state in
      state.lastEvent += 1 + skipping
      let event = ApplianceEvent(
        id: state.lastEvent, time: UnixTime(1_795_500_000 + state.lastEvent), kind: kind,
        value: value, text: text)
      for consumer in state.consumers { consumer.yield(event) }
    }
  }

  public func become(_ phase: ApplianceStatus.Phase, secondsLeft: Int? = nil) {
    change {
      $0.phase = phase
      $0.secondsLeft = secondsLeft
    }
    happen(.phase, phase.rawValue, text: "the session is \(phase.rawValue)")
  }

  // MARK: What a test asks

  public var current: ApplianceStatus { state.withLock { $0.status } }
  public var submitted: [LocalTransaction] { state.withLock { $0.submitted } }
  /// The idempotency key of each.
  public var submittedKeys: [String?] { state.withLock { $0.submittedKeys } }
  public var cancellations: Int { state.withLock { $0.cancellations } }
  public var loans: (begun: Int, ended: Int) { state.withLock { ($0.loans, $0.loansEnded) } }
  public var consumerCount: Int { state.withLock { $0.consumers.count } }

  // MARK: ApplianceControl

  public func status() async -> ApplianceStatus {
    await hangIfTold()
    return state.withLock { $0.status }
  }

  public func picture() async -> Picture { state.withLock { $0.picture } }

  public func submit(
    _ transaction: LocalTransaction, idempotencyKey: String?
  ) async throws(BranchRefusal) -> Transaction {
    await hangIfTold()
    return try state.withLock { state in
      state.submitted.append(transaction)
      state.submittedKeys.append(idempotencyKey)
      return state.answer
    }.get()
  }

  public func cancel() async {
    state.withLock { $0.cancellations += 1 }
    happen(.notice, "cancelled", text: "cancelled at the branch")
  }

  public func events() -> AsyncStream<ApplianceEvent> {
    let (events, consumer) = AsyncStream<ApplianceEvent>.makeStream(
      bufferingPolicy: .bufferingNewest(1_024))
    state.withLock { $0.consumers.append(consumer) }
    return events
  }

  public func lendReader() async throws(BranchRefusal) -> ReaderLoan {
    await hangIfTold()
    if let refusal = state.withLock({ $0.loanRefusal }) { throw refusal }
    state.withLock { $0.loans += 1 }
    happen(.reader, "lent")
    return ReaderLoan { [weak self] in
      self?.state.withLock { $0.loansEnded += 1 }
      self?.happen(.reader, "back")
    }
  }

  public func readers() async -> [AttachedReaderStatus] {
    [
      AttachedReaderStatus(
        connstring: "acr122_usb:001:004", name: "ACS ACR122U", port: "1-1.2", isOpen: true)
    ]
  }

  public func doctor() async throws(BranchRefusal) -> String {
    await hangIfTold()
    return try state.withLock { $0.doctor }.get()
  }

  private func hangIfTold() async {
    guard state.withLock({ $0.isHanging }) else { return }
    let (nothing, end) = AsyncStream<Void>.makeStream()
    state.withLock { $0.hanging.append(end) }
    for await _ in nothing {}
  }
}
