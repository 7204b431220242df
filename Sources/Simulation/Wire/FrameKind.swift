/// Which way bytes travel.
public enum LineDirection: String, Sendable, CaseIterable {
  case toChip = "chip"
  case toHost = "host"
}

/// What a run of bytes on the line is.
public enum FrameKind: String, Sendable, CaseIterable {
  case acknowledge = "ack"
  case negativeAcknowledge = "nack"
  /// A command, or an answer.
  case information = "info"
  case syntaxError = "error"
  /// What is outside any frame: wake-up bytes.
  case noise
}
