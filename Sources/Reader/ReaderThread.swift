import CLinux
import Glibc
import Synchronization
import Threads

/// The thread of one reader: waits for its driver's messages, keeps the deadlines, and runs the
/// tasks that prefer it, so that for them an exchange needs no change of thread.
///
/// It ends by itself once `stop` was called and nothing is left to watch or to run.
final class ReaderThread: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var links: [DriverLink] = []
    /// When the thread wakes by itself (monotonic nanoseconds); 0 while it is awake.
    var wakesAt: UInt64 = 0
    var isStopping = false
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let wake: Int32
  private let thread = Atomic<UInt>(0)

  /// - Throws: `fault(unsupported)` when the system has no descriptor or thread left.
  init() throws(ReaderError) {
    wake = linux_event_descriptor()
    guard wake >= 0 else { throw .fault(.unsupported) }
    guard DetachedThread.run({ [self] in loop() }) else {
      Glibc.close(wake)
      throw .fault(.unsupported)
    }
  }

  deinit { Glibc.close(wake) }

  /// Lets the thread end when its work is done.
  func stop() {
    state.withLock { $0.isStopping = true }
    ring()
  }

  /// Takes care of a link from now until its driver is gone.
  func watch(_ link: DriverLink) {
    state.withLock { $0.links.append(link) }
    ring()
  }

  /// Makes sure that the thread is awake at this time.
  func wake(at time: UInt64) {
    guard !isCurrent, state.withLock({ time < $0.wakesAt }) else { return }
    ring()
  }

  /// Has the thread look at its links again.
  func ring() {
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  private var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }
}

// MARK: - Tasks

extension ReaderThread {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (accepted, mustRing) = state.withLock { state in
      guard !state.hasEnded else { return (false, false) }
      state.jobs.append(job)
      return (true, state.wakesAt != 0)
    }
    // The thread ends before the last task that prefers it only when its reader is gone.
    guard accepted else { return globalConcurrentExecutor.enqueue(job) }
    if mustRing, !isCurrent { ring() }
  }

  private func runJobs() {
    while true {
      let job = state.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
      guard let job else { return }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

// MARK: - The loop

extension ReaderThread {
  private func loop() {
    thread.store(pthread_self(), ordering: .relaxed)
    var events: [pollfd] = []
    while true {
      runJobs()
      guard let (links, timeout) = prepareToSleep() else { return }
      events.removeAll(keepingCapacity: true)
      events.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0))
      for link in links {
        events.append(pollfd(fd: link.messages, events: Int16(POLLIN), revents: 0))
      }
      let ready = linux_poll(&events, UInt(events.count), timeout)
      state.withLock { $0.wakesAt = 0 }
      if ready > 0, events[0].revents != 0 {
        var count: UInt64 = 0
        _ = read(wake, &count, 8)
      }
      for (link, event) in zip(links, events.dropFirst()) {
        attend(link, hasInput: ready > 0 && event.revents != 0)
      }
    }
  }

  /// What to wait for and how long, nil when the thread is done.
  private func prepareToSleep() -> ([DriverLink], UInt64)? {
    state.withLock { state in
      if state.isStopping, state.links.isEmpty, state.jobs.isEmpty {
        state.hasEnded = true
        return nil
      }
      let now = MonotonicClock.now()
      var due = state.jobs.isEmpty ? UInt64.max : now
      for link in state.links { due = min(due, link.nextDue(after: now)) }
      state.wakesAt = due
      return (state.links, due == .max ? .max : due > now ? due - now : 0)
    }
  }

  private func attend(_ link: DriverLink, hasInput: Bool) {
    if hasInput { link.receive() }
    guard !link.expire() else { return }
    state.withLock { $0.links.removeAll { $0 === link } }
    link.finish()
  }
}
