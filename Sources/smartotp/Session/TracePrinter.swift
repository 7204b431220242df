import Glibc
import Reader
import Synchronization
import Trace

/// Prints a decoded trace as it happens, on a task of its own: who reads it slowly must not keep the
/// reader waiting.
final class TracePrinter: Sendable {
  private struct Moment: Sendable {
    /// Nanoseconds since 1970.
    var time: UInt64
    var event: TraceEvent
  }

  /// Events that wait to be printed; those that find no room are only counted.
  private static let room = 4096

  private let moments: AsyncStream<Moment>.Continuation
  private let printing: Task<Void, Never>
  private let showsChip: Bool
  private let dropped = Atomic<Int>(0)
  private let write: @Sendable (String) -> Void

  init(
    masking: Masking, showsChip: Bool, isJSON: Bool, write: @escaping @Sendable (String) -> Void
  ) {
    self.showsChip = showsChip
    self.write = write
    let (stream, continuation) = AsyncStream.makeStream(
      of: Moment.self, bufferingPolicy: .bufferingOldest(Self.room))
    moments = continuation
    printing = Task {
      var transcript = TraceTranscript(masking: masking, isJSON: isJSON)
      for await moment in stream {
        for line in transcript.tell(moment.event, at: moment.time) { write(line) }
      }
      for line in transcript.finish() { write(line) }
    }
  }

  func tell(_ event: TraceEvent) {
    if case .dropped = moments.yield(Moment(time: WallClock.now(), event: event)) {
      dropped.add(1, ordering: .relaxed)
    }
  }

  var observer: AirObserver {
    let air: @Sendable (AirEvent) -> Void = { [self] event in tell(TraceEvent(event)) }
    guard showsChip else { return AirObserver(air) }
    return AirObserver(chip: { [self] exchange in tell(.chip(exchange)) }, air)
  }

  /// Waits until all is printed. May be called again.
  func finish() async {
    moments.finish()
    await printing.value
    let count = dropped.exchange(0, ordering: .relaxed)
    if count > 0 {
      StandardError.line("smartotp: \(count) events are missing: the trace was not read in time")
    }
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
