/// An OCRA suite (RFC 6287, 6): which hash, how many digits, which inputs.
///
/// `OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1`: version, function, inputs.
public struct OCRASuite: Equatable, Sendable {
  /// What a challenge question is made of (RFC 6287, 6.3), and its largest number of characters,
  /// 4 to 64.
  public struct QuestionFormat: Equatable, Sendable {
    public enum Alphabet: Equatable, Sendable {
      case alphanumeric, numeric, hexadecimal
    }

    public let alphabet: Alphabet
    public let maximumCount: Int
  }

  /// The suite as it was given: it is a part of what is authenticated.
  public let text: [UInt8]
  public let hash: HashFunction
  /// 4 to 10, or 0 for a response that is the whole HMAC.
  public let digitCount: Int
  public let usesCounter: Bool
  public let question: QuestionFormat
  /// The hash that was applied to the PIN, where the suite has one.
  public let pinHash: HashFunction?
  /// The size of the session information, 1 to 512 bytes, where the suite has any.
  public let sessionByteCount: Int?
  /// The time-step in seconds, 1 second to 48 hours, where the suite has a time.
  public let timeStep: UInt32?

  /// The largest suite accepted; the longest that says anything has 47 bytes.
  public static let maximumByteCount = 64

  /// Reads a suite in ASCII, upper case as in RFC 6287. Inputs stand in the order C, Q, P, S, T;
  /// those without a qualifier get its default: QN08, PSHA1, S064, T1M.
  ///
  /// Throws `malformedSuite` for anything else.
  public init(_ text: [UInt8]) throws(OCRAError) {
    guard text.count <= Self.maximumByteCount else {
      throw .malformedSuite(at: Self.maximumByteCount)
    }
    var parser = OCRASuiteParser(text)
    try parser.expect("OCRA-1:HOTP-")
    hash = try parser.hash()
    try parser.expect("-")
    digitCount = try parser.digitCount()
    try parser.expect(":")
    usesCounter = parser.skip("C-")
    question = try parser.question()
    pinHash = try parser.pin()
    sessionByteCount = try parser.session()
    timeStep = try parser.time()
    try parser.expectEnd()
    self.text = text
  }
}
