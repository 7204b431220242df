import Testing

/// What a program left behind: all a user sees of it.
struct Outcome: Equatable, Sendable {
  var output = ""
  var errors = ""
  /// The exit status; negative for a signal that killed it.
  var status: Int32 = 0
}

/// Compares all of an outcome: what is not given must be empty.
func expect(
  _ outcome: Outcome, output: String = "", errors: String = "", status: Int32 = 0,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(
    outcome == Outcome(output: output, errors: errors, status: status),
    sourceLocation: sourceLocation)
}

/// Compares with the one line that every failure is.
func expect(
  _ outcome: Outcome, failure: String, status: Int32,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expect(
    outcome, errors: "smartotp: \(failure)\n", status: status, sourceLocation: sourceLocation)
}
