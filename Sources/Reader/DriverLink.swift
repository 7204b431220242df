import Glibc
import PN53x
import ReaderWire
import Synchronization
import Threads

/// The conversation with one driver instance. The reader's thread waits for messages and keeps the
/// deadlines, so that a caller is answered in time even when the driver is stuck, stopped or dead.
///
/// Threading: any task may call `request`, `close` and `end`; the rest is the thread's.
final class DriverLink: Sendable {
  enum Reply: Sendable {
    case outcome(DriverMessage.Outcome)
    /// The caller's deadline came first. The driver may still answer later, to nobody.
    case deadlinePassed
    /// The driver is gone.
    case ended(DriverInstance.End)
    /// The driver kept silent for so long that it was killed.
    case killedForSilence
    /// The driver spoke nonsense and was killed.
    case killedForNonsense
  }

  private struct Pending {
    let id: UInt32
    var deadline: UInt64
    var killAt: UInt64
    var continuation: UnsafeContinuation<Reply, Never>?
    var onEvent: (@Sendable (DriverMessage) -> Void)?
  }

  private struct State {
    /// Rarely more than one.
    var pending: [Pending] = []
    var nextID: UInt32 = 1
    var lastRequest: UInt64 = 0
    var cause: Cause?
    var hasEnded = false
    /// The process is gone and its descriptors are closed.
    var isOver = false
    var waitingForEnd: [CheckedContinuation<Void, Never>] = []
  }

  /// Why the driver is to be ended.
  private enum Cause {
    /// We want it to.
    case closed
    /// We want it to at once.
    case abandoned
    case silence, nonsense
    /// It closed its side.
    case ended
  }

  private let state = Mutex(State())
  private let buffer = Mutex(FrameBuffer())
  private let instance: DriverInstance
  private let onReaderLeft: @Sendable () -> Void
  private let thread: ReaderThread
  private let onChip: (@Sendable (ChipExchange) -> Void)?

  /// How long after a missed deadline the driver may still come back before it is killed. It covers
  /// libnfc's serial driver, which waits the whole time-out again for each part of a frame.
  private static let grace: UInt64 = 400_000_000
  /// After a request the thread looks again this soon, so that requests in quick succession need
  /// not wake it.
  private static let attention: UInt64 = 200_000_000

  /// - Parameters:
  ///   - onChip: takes the driver's chip commands; they are asked for where it is given.
  ///   - onReaderLeft: called when the reader's device goes while nothing is asked of it; on the
  ///     thread, and must not block.
  static func start(
    _ program: DriverProgram, on thread: ReaderThread,
    onChip: (@Sendable (ChipExchange) -> Void)? = nil,
    onReaderLeft: @escaping @Sendable () -> Void = {}
  ) throws(ReaderError) -> DriverLink {
    let link = DriverLink(
      instance: try DriverInstance.start(program), thread: thread, onChip: onChip,
      onReaderLeft: onReaderLeft)
    thread.watch(link)
    if onChip != nil { link.post(.traceChip, budget: 0) }
    return link
  }

  private init(
    instance: DriverInstance, thread: ReaderThread,
    onChip: (@Sendable (ChipExchange) -> Void)?, onReaderLeft: @escaping @Sendable () -> Void
  ) {
    self.instance = instance
    self.thread = thread
    self.onChip = onChip
    self.onReaderLeft = onReaderLeft
  }

  var hasEnded: Bool { state.withLock { $0.hasEnded || $0.cause != nil } }

  /// Sends one request and waits for its answer until `deadline` (monotonic nanoseconds).
  /// Cancelling the task cancels the request, which then answers `cancelled`.
  func request(
    _ operation: DriverRequest.Operation, deadline: UInt64,
    onEvent: (@Sendable (DriverMessage) -> Void)? = nil
  ) async -> Reply {
    let now = MonotonicClock.now()
    guard deadline > now else { return .deadlinePassed }
    let budget = UInt32(clamping: (deadline - now) / 1000)
    let id = state.withLock { state in
      defer { state.nextID &+= 1 }
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        let pending = Pending(
          id: id, deadline: deadline, killAt: deadline &+ Self.grace, continuation: continuation,
          onEvent: onEvent)
        add(pending, DriverRequest(id: id, budget: budget, operation))
        // Cancelled before it was sent: the handler below ran too early for the driver.
        if Task.isCancelled { send(DriverRequest(id: id, budget: 0, .cancel)) }
      }
    } onCancel: {
      send(DriverRequest(id: id, budget: 0, .cancel))
    }
  }

  private func add(_ pending: Pending, _ request: DriverRequest) {
    let accepted = state.withLock { state in
      guard !state.hasEnded, state.cause == nil else { return false }
      state.pending.append(pending)
      state.lastRequest = MonotonicClock.now()
      return true
    }
    guard accepted else {
      pending.continuation?.resume(returning: .ended(.exit(0)))
      return
    }
    send(request)
    thread.wake(at: pending.deadline)
  }

  /// Sends a request that has no answer.
  func post(_ operation: DriverRequest.Operation, budget: UInt32) {
    send(DriverRequest(id: 0, budget: budget, operation))
  }

  /// A driver that does not read its pipe leaves it full; the deadline then answers the caller.
  private func send(_ request: DriverRequest) {
    let frame = request.frame
    let isBroken = state.withLock { state in
      guard !state.hasEnded else { return false }
      let written = instance.send(frame)
      // A frame cut in two can never be mended: the driver has to go.
      guard written >= 0 && written < frame.count else { return false }
      state.cause = .silence
      return true
    }
    if isBroken { thread.ring() }
  }

  /// Ends the driver; it is given a moment to hand the reader back.
  func close() {
    state.withLock { if $0.cause == nil { $0.cause = .closed } }
    thread.ring()
  }

  /// Kills the driver: it might be a long time in closing a reader that does not answer.
  func abandon() {
    state.withLock { if $0.cause == nil { $0.cause = .abandoned } }
    thread.ring()
  }

  /// Ends the driver and waits until nothing of it is left, a second or so at most.
  func end() async {
    close()
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waitingForEnd.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }
}

// MARK: - The thread's part

extension DriverLink {
  /// The descriptor that the driver's messages come from.
  var messages: Int32 { instance.messages }

  /// When the link wants to be looked at, `.max` for never.
  func nextDue(after now: UInt64) -> UInt64 {
    state.withLock { state in
      if state.cause != nil { return now }
      var due = UInt64.max
      for pending in state.pending {
        due = min(due, pending.continuation == nil ? pending.killAt : pending.deadline)
      }
      // While requests come and go, the next one's deadline is later than this look.
      return now < state.lastRequest &+ Self.attention ? min(due, now &+ Self.attention) : due
    }
  }

  /// Reads what is there and delivers it.
  func receive() {
    let isAlive = buffer.withLock { buffer in
      let count = withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { chunk in
        let count = read(instance.messages, chunk.baseAddress, chunk.count)
        if count > 0 { buffer.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
        return count
      }
      return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }
    guard isAlive else { return note(.ended) }
    do throws(WireError) {
      while let payload = try nextPayload() { deliver(try DriverMessage(decoding: payload)) }
    } catch {
      note(.nonsense)
    }
  }

  private func nextPayload() throws(WireError) -> ArraySlice<UInt8>? {
    try buffer.withLock { buffer throws(WireError) in try buffer.next() }
  }

  private func note(_ cause: Cause) {
    state.withLock { if $0.cause == nil { $0.cause = cause } }
  }

  private func deliver(_ message: DriverMessage) {
    switch message {
    case .answer(let id, let outcome):
      let pending = state.withLock { state in
        state.pending.firstIndex { $0.id == id }.map { state.pending.remove(at: $0) }
      }
      pending?.continuation?.resume(returning: .outcome(outcome))
    case .readerLeft: onReaderLeft()
    case .cardsEntered(let id, _), .cardsLeft(let id), .fieldClear(let id):
      let onEvent = state.withLock { state in state.pending.first { $0.id == id }?.onEvent }
      onEvent?(message)
    case .chip(_, let exchange):
      guard let onChip else { return note(.nonsense) }
      onChip(exchange)
    }
  }

  /// Answers callers whose deadline has come, and gives up on a driver that stays silent. False
  /// when the driver is to be ended.
  func expire() -> Bool {
    let (late, goesOn) = state.withLock { state in
      let now = MonotonicClock.now()
      var late: [UnsafeContinuation<Reply, Never>] = []
      for index in state.pending.indices where state.pending[index].deadline <= now {
        let pending = state.pending[index]
        if let continuation = pending.continuation {
          late.append(continuation)
          state.pending[index].continuation = nil
        }
        if pending.killAt <= now, state.cause == nil { state.cause = .silence }
      }
      return (late, state.cause == nil)
    }
    for continuation in late { continuation.resume(returning: .deadlinePassed) }
    return goesOn
  }

  /// Ends the driver and answers whoever still waits.
  func finish() {
    let (cause, pending) = state.withLock { state in
      state.hasEnded = true
      defer { state.pending = [] }
      return (state.cause, state.pending)
    }
    switch cause {
    case .abandoned:
      instance.kill()
      answer(pending, .ended(.exit(0)))
      conclude()
    case .silence:
      instance.kill()
      answer(pending, .killedForSilence)
      conclude()
    case .nonsense:
      instance.kill()
      answer(pending, .killedForNonsense)
      conclude()
    case .ended, nil:
      answer(pending, .ended(conclude(graceMilliseconds: 50)))
    case .closed:
      answer(pending, .ended(.exit(0)))
      // It may take its time to hand the reader back; not on this thread.
      if !DetachedThread.run({ [self] in conclude() }) { conclude() }
    }
  }

  /// Waits until nothing of the driver is left, and tells whoever waits for that.
  @discardableResult
  private func conclude(graceMilliseconds: Int = 1000) -> DriverInstance.End {
    let end = instance.end(graceMilliseconds: graceMilliseconds)
    let waiting = state.withLock { state in
      state.isOver = true
      defer { state.waitingForEnd = [] }
      return state.waitingForEnd
    }
    for continuation in waiting { continuation.resume() }
    return end
  }

  private func answer(_ pending: [Pending], _ reply: Reply) {
    for pending in pending { pending.continuation?.resume(returning: reply) }
  }
}
