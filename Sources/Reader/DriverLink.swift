import CLinux
import Glibc
import ReaderWire
import Synchronization

/// The conversation with one driver instance. A thread of its own waits for messages and keeps the
/// deadlines, so that a caller is answered in time even when the driver is stuck, stopped or dead.
///
/// Threading: any task may call `request`; everything shared is in `state`. The thread holds the
/// link until the driver is gone.
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
    var deadline: UInt64
    var killAt: UInt64
    var continuation: CheckedContinuation<Reply, Never>?
    var onEvent: (@Sendable (DriverMessage) -> Void)?
  }

  private struct State {
    var pending: [UInt32: Pending] = [:]
    var nextID: UInt32 = 1
    /// When the thread wakes by itself; a request due earlier must wake it.
    var wakesAt: UInt64 = 0
    var lastRequest: UInt64 = 0
    var cause: Cause?
    var hasEnded = false
    /// The process is gone and its descriptors are closed.
    var isOver = false
    var waitingForEnd: [CheckedContinuation<Void, Never>] = []
  }

  /// Why the link itself ended the driver.
  private enum Cause {
    case closed, silence, nonsense
  }

  private let state = Mutex(State())
  private let instance: DriverInstance
  private let wake: Int32

  /// How long after a missed deadline the driver may still come back before it is killed. It covers
  /// libnfc's serial driver, which waits the whole time-out again for each part of a frame.
  private static let grace: UInt64 = 400_000_000
  /// After something happened the thread looks again this soon, so that requests in quick
  /// succession need not wake it.
  private static let attention: UInt64 = 200_000_000
  private static let closingGraceMilliseconds = 1000

  static func start(_ program: DriverProgram) throws(ReaderError) -> DriverLink {
    let wake = linux_event_descriptor()
    guard wake >= 0 else { throw .fault(.unsupported) }
    let instance: DriverInstance
    do {
      instance = try DriverInstance.start(program)
    } catch {
      Glibc.close(wake)
      throw error
    }
    let link = DriverLink(instance: instance, wake: wake)
    Thread.run { link.listen() }
    return link
  }

  private init(instance: DriverInstance, wake: Int32) {
    self.instance = instance
    self.wake = wake
  }

  deinit { Glibc.close(wake) }

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
      await withCheckedContinuation { continuation in
        let pending = Pending(
          deadline: deadline, killAt: deadline &+ Self.grace, continuation: continuation,
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
    let (accepted, mustWake) = state.withLock { state in
      guard !state.hasEnded, state.cause == nil else { return (false, false) }
      state.pending[request.id] = pending
      state.lastRequest = MonotonicClock.now()
      return (true, pending.deadline < state.wakesAt)
    }
    guard accepted else {
      pending.continuation?.resume(returning: .ended(.exit(0)))
      return
    }
    send(request)
    if mustWake { ring() }
  }

  /// A driver that does not read its pipe leaves it full; the deadline then answers the caller.
  private func send(_ request: DriverRequest) {
    let frame = FrameBuffer.frame(request.encoded())
    state.withLock { state in
      guard !state.hasEnded else { return }
      let written = instance.send(frame)
      // A frame cut in two can never be mended: the driver has to go.
      if written >= 0 && written < frame.count { state.cause = .silence }
    }
  }

  /// Ends the driver; it is given a moment to hand the reader back.
  func close() {
    state.withLock { if $0.cause == nil { $0.cause = .closed } }
    ring()
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

  private func ring() {
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }
}

// MARK: - The thread

extension DriverLink {
  private func listen() {
    var buffer = FrameBuffer()
    while true {
      let (timeout, cause) = nextTimeout()
      if cause != nil { break }
      var events = [
        pollfd(fd: instance.messages, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
      ]
      let ready = linux_poll(&events, 2, timeout)
      if ready > 0, events[1].revents != 0 {
        var count: UInt64 = 0
        _ = read(wake, &count, 8)
      }
      if ready > 0, events[0].revents != 0, !receive(into: &buffer) { break }
      expire()
    }
    finish()
  }

  /// Nanoseconds until something is due, `.max` for never.
  private func nextTimeout() -> (UInt64, Cause?) {
    state.withLock { state in
      let now = MonotonicClock.now()
      var due = UInt64.max
      for pending in state.pending.values {
        due = min(due, pending.continuation == nil ? pending.killAt : pending.deadline)
      }
      // While requests come and go, the next one's deadline is later than this look.
      if now < state.lastRequest &+ Self.attention { due = min(due, now &+ Self.attention) }
      state.wakesAt = due
      return (due == .max ? .max : due > now ? due - now : 0, state.cause)
    }
  }

  /// Reads what is there. False when the driver is gone or speaks nonsense.
  private func receive(into buffer: inout FrameBuffer) -> Bool {
    let count = withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { chunk in
      let count = read(instance.messages, chunk.baseAddress, chunk.count)
      if count > 0 { buffer.append(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
      return count
    }
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    do throws(WireError) {
      while let payload = try buffer.next() {
        deliver(try DriverMessage(decoding: payload))
      }
      return true
    } catch {
      state.withLock { $0.cause = .nonsense }
      return false
    }
  }

  private func deliver(_ message: DriverMessage) {
    switch message {
    case .answer(let id, let outcome):
      let pending = state.withLock { $0.pending.removeValue(forKey: id) }
      pending?.continuation?.resume(returning: .outcome(outcome))
    case .cardsEntered(let id, _), .cardsLeft(let id):
      let onEvent = state.withLock { $0.pending[id]?.onEvent }
      onEvent?(message)
    }
  }

  /// Answers callers whose deadline has come, and gives up on a driver that stays silent.
  private func expire() {
    let late = state.withLock { state in
      let now = MonotonicClock.now()
      var late: [CheckedContinuation<Reply, Never>] = []
      for (id, pending) in state.pending where pending.deadline <= now {
        if let continuation = pending.continuation {
          late.append(continuation)
          state.pending[id]?.continuation = nil
        }
        if pending.killAt <= now { state.cause = .silence }
      }
      return late
    }
    for continuation in late { continuation.resume(returning: .deadlinePassed) }
  }

  private func finish() {
    let cause = state.withLock { $0.cause }
    if cause == .silence || cause == .nonsense { instance.kill() }
    let pending = state.withLock { state in
      state.hasEnded = true
      defer { state.pending.removeAll() }
      return Array(state.pending.values)
    }
    let end = instance.end(
      graceMilliseconds: cause == .closed ? Self.closingGraceMilliseconds : 50)
    let reply: Reply =
      switch cause {
      case .silence: .killedForSilence
      case .nonsense: .killedForNonsense
      case .closed, nil: .ended(end)
      }
    for pending in pending { pending.continuation?.resume(returning: reply) }
    let waiting = state.withLock { state in
      state.isOver = true
      defer { state.waitingForEnd = [] }
      return state.waitingForEnd
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// CLOCK_MONOTONIC in nanoseconds, the clock that `ContinuousClock` deadlines are brought to.
enum MonotonicClock {
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// The same moment on this clock, at most an hour away so that sums stay in range.
  static func time(of deadline: ContinuousClock.Instant) -> UInt64 {
    let left = min(ContinuousClock.now.duration(to: deadline), .seconds(3600))
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    return now() &+ UInt64(seconds) * 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }
}
