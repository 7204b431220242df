/// The values for a suite's inputs. Give exactly those that the suite has.
public struct OCRAInputs: Sendable {
  public var counter: UInt64?
  public var question: OCRAQuestion
  /// The PIN's digest under the suite's `pinHash`, never the PIN.
  public var pinDigest: [UInt8]?
  /// Up to `sessionByteCount` bytes; zeros are put in front of fewer.
  public var session: [UInt8]?
  /// Unix time in seconds, not before 1970.
  public var time: Int64?

  public init(
    counter: UInt64? = nil, question: OCRAQuestion, pinDigest: [UInt8]? = nil,
    session: [UInt8]? = nil, time: Int64? = nil
  ) {
    self.counter = counter
    self.question = question
    self.pinDigest = pinDigest
    self.session = session
    self.time = time
  }
}

/// OCRA (RFC 6287): responses to challenges, and signatures over short data.
public struct OCRA: Equatable, Sendable {
  public let suite: OCRASuite

  public init(_ suite: OCRASuite) {
    self.suite = suite
  }

  /// The data that is put through HMAC: suite, separator, then the inputs (RFC 6287, 5.1).
  public struct Message: Equatable, Sendable {
    public let bytes: [UInt8]
  }

  /// A code, or the whole HMAC where the suite asks for no truncation.
  public enum Response: Sendable {
    case code(OneTimeCode)
    case untruncated([UInt8])
  }

  /// Throws where an input is missing, not called for, or not as the suite wants it.
  public func message(_ inputs: OCRAInputs) throws(OCRAError) -> Message {
    var bytes = suite.text + [0]
    bytes += try encode(inputs.counter, .counter, suite.usesCounter ? () : nil) {
      (counter, _) in counter.bigEndianBytes
    }
    bytes += try suite.question.encode(inputs.question)
    bytes += try encode(inputs.pinDigest, .pin, suite.pinHash) { digest, hash in
      digest.count == hash.byteCount ? digest : nil
    }
    bytes += try encode(inputs.session, .session, suite.sessionByteCount) { session, count in
      session.count <= count
        ? [UInt8](repeating: 0, count: count - session.count) + session : nil
    }
    bytes += try encode(inputs.time, .time, suite.timeStep) { time, step in
      time >= 0 ? (UInt64(time) / UInt64(step)).bigEndianBytes : nil
    }
    return Message(bytes: bytes)
  }

  public func response<Failure: Error>(
    to message: Message, hmac: HMACFunction<Failure>
  ) throws(Failure) -> Response {
    let mac = try hmac(suite.hash, message.bytes)
    let response = truncate(mac, of: suite.hash)
    return suite.digitCount == 0
      ? .untruncated(mac) : .code(response.code(digitCount: suite.digitCount))
  }

  /// Encodes an input that must be given exactly where the suite describes one.
  private func encode<Value, Format>(
    _ value: Value?, _ input: OCRAError.Input, _ format: Format?,
    with encoding: (Value, Format) -> [UInt8]?
  ) throws(OCRAError) -> [UInt8] {
    guard let format else {
      if value != nil { throw .unexpected(input) }
      return []
    }
    guard let value else { throw .missing(input) }
    guard let bytes = encoding(value, format) else { throw .invalid(input) }
    return bytes
  }
}

extension OCRA.Response: Equatable {
  /// Equality in a time that depends on the kinds and sizes alone.
  public static func == (left: OCRA.Response, right: OCRA.Response) -> Bool {
    switch (left, right) {
    case (.code(let left), .code(let right)): left == right
    case (.untruncated(let left), .untruncated(let right)): constantTimeEqual(left, right)
    default: false
    }
  }
}

private func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for index in left.indices { difference |= left[index] ^ right[index] }
  return difference == 0
}

#if !hasFeature(Embedded)
  extension OCRA.Response: CustomStringConvertible, CustomReflectable {
    public var description: String { "<OCRA response>" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
  }
#endif
