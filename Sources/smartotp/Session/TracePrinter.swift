import CLinux
import Glibc
import Reader
import Synchronization
import Threads
import Trace

/// Prints a decoded trace as it happens, on a thread of its own: who reads it slowly must not keep
/// the reader waiting.
final class TracePrinter: Sendable {
  private struct Moment {
    /// Nanoseconds since 1970.
    var time: UInt64
    var event: TraceEvent
  }

  private struct State {
    var moments: [Moment] = []
    /// Events that found no room.
    var dropped = 0
    /// Nothing more comes.
    var isOver = false
    /// All is printed.
    var hasEnded = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// Events that wait to be printed; more are only counted.
  private static let room = 4096

  private let state = Mutex(State())
  private let bell = linux_event_descriptor()
  private let showsChip: Bool

  init(
    masking: Masking, showsChip: Bool, isJSON: Bool, write: @escaping @Sendable (String) -> Void
  ) {
    self.showsChip = showsChip
    let started =
      bell >= 0
      && DetachedThread.run { [self] in
        print(TraceTranscript(masking: masking, isJSON: isJSON), write)
      }
    if !started { end() }
  }

  deinit { if bell >= 0 { close(bell) } }

  func tell(_ event: TraceEvent) {
    let moment = Moment(time: WallClock.now(), event: event)
    state.withLock { state in
      if state.moments.count < Self.room {
        state.moments.append(moment)
      } else {
        state.dropped += 1
      }
    }
    ring()
  }

  var observer: AirObserver {
    let air: @Sendable (AirEvent) -> Void = { [self] event in tell(TraceEvent(event)) }
    guard showsChip else { return AirObserver(air) }
    return AirObserver(chip: { [self] exchange in tell(.chip(exchange)) }, air)
  }

  /// Waits until all is printed. May be called again.
  func finish() async {
    state.withLock { $0.isOver = true }
    ring()
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.waiting.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }
}

// MARK: - The thread

extension TracePrinter {
  private func print(_ transcript: consuming TraceTranscript, _ write: (String) -> Void) {
    while true {
      let (moments, isOver) = state.withLock { state in
        defer { state.moments = [] }
        return (state.moments, state.isOver)
      }
      for moment in moments {
        for line in transcript.tell(moment.event, at: moment.time) { write(line) }
      }
      if isOver { break }
      awaitRing()
    }
    for line in transcript.finish() { write(line) }
    let dropped = state.withLock { $0.dropped }
    if dropped > 0 {
      StandardError.line("smartotp: \(dropped) events are missing: the trace was not read in time")
    }
    end()
  }

  private func end() {
    let waiting = state.withLock { state in
      state.hasEnded = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  private func ring() {
    var one: UInt64 = 1
    _ = write(bell, &one, 8)
  }

  private func awaitRing() {
    var event = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
    while poll(&event, 1, -1) < 0, errno == EINTR {}
    var count: UInt64 = 0
    _ = read(bell, &count, 8)
  }
}

extension TraceEvent {
  init(_ event: AirEvent) {
    self =
      switch event {
      case .activated(let activation): .activated(activation)
      case .command(let apdu): .command(apdu)
      case .response(let apdu): .response(apdu)
      case .lost: .lost
      }
  }
}

enum WallClock {
  /// Nanoseconds since 1970.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(max(0, time.tv_sec)) * 1_000_000_000 + UInt64(max(0, time.tv_nsec))
  }
}
