import Trace

/// The lines of a decoded trace.
struct TraceTranscript {
  private let isJSON: Bool
  private var narrator: TraceNarrator
  /// When the first entry was, from which the others are counted.
  private var start: UInt64?

  init(masking: Masking, isJSON: Bool) {
    narrator = TraceNarrator(masking: masking)
    self.isJSON = isJSON
  }

  /// - Parameter time: nanoseconds since 1970.
  mutating func tell(_ event: TraceEvent, at time: UInt64) -> [String] {
    lines(narrator.tell(event, at: time))
  }

  mutating func finish() -> [String] { lines(narrator.finish()) }

  private mutating func lines(_ entries: [TraceEntry]) -> [String] {
    entries.map { entry in
      let start = self.start ?? entry.time
      self.start = start
      let object = TraceObject(entry)
      return isJSON ? JSONLine.text(object) : TraceText(entry, object, since: start).text
    }
  }
}
