/// Why an OCRA suite or its inputs were refused.
public enum OCRAError: Error, Equatable, Sendable {
  /// The data inputs of RFC 6287, 5.1.
  public enum Input: Equatable, Sendable {
    case counter, question, pin, session, time
  }

  /// The suite breaks RFC 6287's grammar at this byte.
  case malformedSuite(at: Int)
  /// The suite calls for this input.
  case missing(Input)
  /// The suite has no place for this input.
  case unexpected(Input)
  /// The input has a size or a character that the suite does not allow.
  case invalid(Input)
}
