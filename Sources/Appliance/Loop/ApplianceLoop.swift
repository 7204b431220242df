import DeviceIdentity
import Reader
import SmartOTP

/// The unattended loop: carries out what the session machine asks for (S8 to S10).
///
/// The session decides; this actor only does: it has cards read and codes made, speaks to the
/// centre, fills the displays, keeps the time. Whatever it waits for has a deadline in the session,
/// and a result that comes after it is dropped there.
public actor ApplianceLoop {
  let configuration: ApplianceConfiguration
  let services: ApplianceServices
  let clock = ApplianceClock()
  let hub = EventHub()
  var displays: [DisplayHost] = []
  private let displayLine: AsyncStream<DisplayCondition>.Continuation

  var session: Session
  var context: DeviceContext?
  var impediments: [Impediment] = []

  /// What the card that just came is to do; set while a step runs.
  var job = CardJob.none
  /// Of the card that was identified last, while its transaction is read.
  var expectedUIDBytes: [UInt8]?
  /// Codes made and not yet shown or wiped.
  var made: [Attempt: ShownCode] = [:]
  var shown: ShownCode?
  var codeNumber: UInt64 = 0
  /// The events that effects brought about, in the same step.
  var followUps: [SessionEvent] = []

  var current: Picture
  var noticeUntil: Moment?
  /// Of the card that the notice is about.
  var noticeLanguage: Language?
  var timer: Task<Void, Never>?
  var isStopped = false
  /// Whether another program has the reader, such as the doctor.
  var isLent = false
  /// Whether plain codes are wanted and the clock forbids them.
  var clockIsUnset = false

  var readerCondition = ReaderCondition()
  var centerCondition = CenterCondition()
  var counters = ApplianceCounters()
  var troubles: [Trouble] = []
  var deskAlive: Moment
  var desk: Task<Void, Never>?
  var link: Task<Void, Never>?
  var reader: (any ReaderConnection)?

  public init(
    configuration: ApplianceConfiguration = ApplianceConfiguration(),
    displays: [any OTPDisplay] = [], services: ApplianceServices = ApplianceServices()
  ) {
    self.configuration = configuration
    self.services = services
    session = Session(times: configuration.times)
    current = Picture(.blank, language: configuration.language)
    deskAlive = clock.moment()
    let line = AsyncStream<DisplayCondition>.makeStream(bufferingPolicy: .bufferingNewest(64))
    displayLine = line.continuation
    self.displays = displays.map { display in
      DisplayHost(display) { line.continuation.yield($0) }
    }
    Task { [weak self] in
      for await condition in line.stream { await self?.displayChanged(condition) }
    }
  }

  /// Begins: shows that it rests, and what comes. Until a reader is attached it shows that there
  /// is none.
  public func start(impediments: [Impediment] = []) {
    session.centerIsThere = context != nil
    checkPlainCodes()
    take(.readerLost)
    restrict(impediments)
    render()
  }

  // MARK: - The session

  /// Moves the session on by one event, and does what it asks for.
  func take(_ event: SessionEvent, at moment: Moment? = nil) {
    guard !isStopped else { return }
    followUps.append(event)
    var at = moment
    // Each effect brings about one event at most, so this ends.
    while !followUps.isEmpty {
      let event = followUps.removeFirst()
      let before = session.phase
      let effects = session.step(event, at: at ?? clock.moment())
      at = nil
      carryOut(effects)
      chooseLanguage(after: effects, from: before)
      noteChange(from: before)
    }
    render()
    schedule()
  }

  private func noteChange(from before: SessionPhase) {
    let phase = ApplianceStatus.Phase(session.phase)
    guard phase != ApplianceStatus.Phase(before) || session.phase.transaction != before.transaction
    else { return }
    if phase != .presenting, phase != .generating, phase != .readerLost { expectedUIDBytes = nil }
    hub.publish(.phase, phase.rawValue, transaction: session.phase.transaction, phase.sentence)
  }

  // MARK: - Time

  /// Wakes at the session's deadline, the next second of a countdown, or the end of a notice.
  private func schedule() {
    timer?.cancel()
    timer = nil
    guard let next = nextMoment() else { return }
    let instant = clock.instant(of: next)
    timer = Task { [weak self] in
      do { try await Task.sleep(until: instant, tolerance: .zero, clock: .continuous) } catch {
        return
      }
      await self?.wake()
    }
  }

  private func nextMoment() -> Moment? {
    let now = clock.moment()
    var next = session.deadline
    if let deadline = session.deadline, deadline > now {
      // The next whole second before the deadline.
      let left = deadline.milliseconds - now.milliseconds
      let step = left % 1000 == 0 ? 1000 : left % 1000
      next = Moment(milliseconds: now.milliseconds + step)
    }
    if let noticeUntil { next = next.map { min($0, noticeUntil) } ?? noticeUntil }
    return next
  }

  private func wake() {
    if let until = noticeUntil, until <= clock.moment() {
      noticeUntil = nil
      current.notice = nil
    }
    take(.tick)
  }

  // MARK: - Displays

  /// Shows what is to be seen now.
  func render() {
    current.secondsLeft = session.deadline.map { deadline in
      let left = max(0, deadline.milliseconds - clock.moment().milliseconds)
      return Int((left + 999) / 1000)
    }
    for display in displays { display.show(current) }
  }

  private func displayChanged(_ condition: DisplayCondition) {
    if let trouble = condition.trouble {
      note("display \(condition.name): \(trouble)", .warning)
      hub.publish(.display, "failed", "display \(condition.name): \(trouble)")
    } else {
      log(.info, "display \(condition.name) works again")
      hub.publish(.display, "works", "display \(condition.name) works again")
    }
  }

  // MARK: - What goes wrong

  func note(_ text: String, _ level: LogLine.Level = .warning) {
    log(level, text)
    if troubles.count >= ApplianceStatus.maximumTroubleCount { troubles.removeFirst() }
    troubles.append(Trouble(time: ApplianceClock.unixTime(), text: text))
    hub.publish(.trouble, level.rawValue, text)
  }

  func log(_ level: LogLine.Level, _ text: String) {
    services.log(LogLine(level, text, transaction: session.phase.transaction))
  }

  // MARK: - The end

  /// Ends within two seconds: a claimed transaction is given back, codes are gone from displays and
  /// memory, the reader is handed back.
  public func stop() async {
    guard !isStopped else { return }
    take(.cancelled)
    isStopped = true
    timer?.cancel()
    wipeCodes()
    current = Picture(.blank, language: configuration.language)
    for display in displays { display.show(current) }
    let settled = Task { [displays] in for display in displays { await display.settled() } }
    desk?.cancel()
    link?.cancel()
    await Self.bounded(by: .milliseconds(1_500)) { [desk, cancellations] in
      await settled.value
      for task in cancellations { await task.value }
      await desk?.value
    }
    hub.finish()
    displayLine.finish()
  }

  /// Cancellations on their way to the centre.
  var cancellations: [Task<Void, Never>] = []

  /// Waits for `body`, but no longer than `limit`.
  private static func bounded(
    by limit: Duration, _ body: @escaping @Sendable () async -> Void
  ) async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    let work = Task {
      await body()
      continuation.finish()
    }
    let alarm = Task {
      try? await Task.sleep(for: limit)
      continuation.finish()
    }
    for await _ in stream {}
    work.cancel()
    alarm.cancel()
  }
}
