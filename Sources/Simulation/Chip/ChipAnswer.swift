/// What the chip has to tell its host about a command.
public enum ChipAnswer: Equatable, Sendable {
  /// Response code and data.
  case data([UInt8])
  /// The command's syntax was wrong: the application level error frame.
  case syntaxError
}

/// Where a command stands.
public enum ChipProgress: Equatable, Sendable {
  case done(ChipAnswer)
  /// Call `resume(at:)` at that time, and after every change in the field; nil waits for a change.
  case waiting(until: Duration?)
}
