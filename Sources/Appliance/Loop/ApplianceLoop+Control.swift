import Reader
import SmartOTP

extension ApplianceLoop: ApplianceControl {
  public func status() -> ApplianceStatus {
    ApplianceStatus(
      version: configuration.version, phase: .init(session.phase),
      secondsLeft: current.secondsLeft, transaction: session.phase.transaction,
      waiting: session.waiting.count, impediments: impediments, reader: readerCondition,
      center: centerCondition, displays: displays.map(\.condition), counters: counters,
      troubles: troubles, uptimeSeconds: clock.uptimeSeconds)
  }

  public func picture() -> Picture { current }

  public func submit(
    _ transaction: LocalTransaction, idempotencyKey: String?
  ) async throws(BranchRefusal) -> Transaction {
    guard impediments.isEmpty else { throw .restricted(impediments) }
    guard let post = services.post else { throw .noInstitution }
    do throws(CenterServiceError) {
      return try await post(transaction, idempotencyKey)
    } catch { throw .center(error) }
  }

  public func cancel() { take(.cancelled) }

  public nonisolated func events() -> AsyncStream<ApplianceEvent> { hub.events() }

  public func readers() async -> [AttachedReaderStatus] { await services.readers() }

  /// The doctor has the reader for as long as it takes.
  public func doctor() async throws(BranchRefusal) -> String {
    guard isResting() else {
      throw .unavailable("a transaction is at hand; run the doctor when it is over")
    }
    guard reader != nil, !isLent else { return try await services.doctor() }
    let loan = try await lendReader()
    defer { loan.end() }
    return try await services.doctor()
  }

  public func lendReader() async throws(BranchRefusal) -> ReaderLoan {
    guard isResting() else {
      throw .unavailable("a transaction is at hand; try again when it is over")
    }
    guard let reader else { throw .unavailable("the appliance has no reader yet; try again") }
    guard !isLent else { throw .unavailable("another program has the reader; try again") }
    isLent = true
    desk?.cancel()
    await desk?.value
    desk = nil
    readerCondition.isThere = false
    readerCondition.trouble = "another program has it for a while"
    log(.info, "the reader is lent to another program")
    take(.readerLost)
    return ReaderLoan { [weak self] in Task { await self?.takeBack(reader) } }
  }

  private func takeBack(_ reader: any ReaderConnection) {
    isLent = false
    guard !isStopped else { return }
    log(.info, "the reader is back from the other program")
    attach(reader)
  }

  /// Whether no transaction is at hand.
  public func isResting() -> Bool {
    switch session.phase {
    case .idle, .restricted, .readerLost(nil): true
    default: false
    }
  }

  /// Whether the loop does its work: its deadlines are kept, and the reader's side gives signs of
  /// life. A watchdog is fed only while this is true.
  public func isAlive() -> Bool {
    let now = clock.moment()
    let isInTime = session.deadline.map { now < $0 + 5_000 } ?? true
    let patience = 2 * ReaderDesk.longestWait.wholeMilliseconds
    let deskIsAlive = desk == nil || now < deskAlive + patience
    return isInTime && deskIsAlive
  }
}

extension ApplianceStatus.Phase {
  init(_ phase: SessionPhase) {
    self =
      switch phase {
      case .restricted: .restricted
      case .readerLost: .readerLost
      case .idle: .idle
      case .awaitingCard: .awaitingCard
      case .identifying: .identifying
      case .presenting: .presenting
      case .generating: .generating
      case .showing: .showing
      }
  }

  /// What it is now, in one English sentence.
  var sentence: String {
    switch self {
    case .restricted: "no codes are made until what is in the way is mended"
    case .readerLost: "the reader is away"
    case .idle: "waiting for a transaction or a tap"
    case .awaitingCard: "a transaction waits for its card"
    case .identifying: "a card is being identified"
    case .presenting: "the customer reads what a second tap is for"
    case .generating: "the card makes the code"
    case .showing: "the code is shown"
    }
  }
}

extension Notice {
  /// A stable name for programs, such as `card-several`.
  public var key: String {
    switch self {
    case .card(let trouble): "card-\(trouble.rawValue)"
    case .center(let trouble): "center-\(trouble.rawValue)"
    case .nothingPending: "nothing-pending"
    case .timedOut: "timed-out"
    case .cancelled: "cancelled"
    case .closed: "closed"
    case .readerLost: "reader-lost"
    }
  }

  /// In English, for the log.
  var sentence: String {
    switch self {
    case .card(.gone): "the card was taken away too early"
    case .card(.otherCard): "another card was tapped"
    case .card(.notSmartOTP): "the card is no Smart OTP"
    case .card(.notRegistered): "the card is not registered on this device"
    case .card(.several): "several cards lie on the reader"
    case .card(.noPlainCode): "the card has no credential for plain codes"
    case .card(.faulty): "the card did not answer as it should"
    case .center(.unreachable): "the centre cannot be reached"
    case .center(.closed), .closed: "the centre closed the transaction"
    case .center(.cardLost): "the card was reported lost"
    case .center(.cardLocked): "the card is locked"
    case .center(.refused): "the centre refused"
    case .nothingPending: "nothing waits for the card"
    case .timedOut: "nobody tapped in time"
    case .cancelled: "cancelled"
    case .readerLost: "the reader is away"
    }
  }
}
