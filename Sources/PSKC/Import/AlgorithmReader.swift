import OneTimePassword

/// Reads what a key calculates, from its profile, parameters and data (RFC 6030, 4.3.4 and 10).
struct AlgorithmReader {
  private let key: Element
  private let data: KeyData
  private let parameters: Element?

  init(_ key: Element, _ data: KeyData) throws(PSKCError) {
    self.key = key
    self.data = data
    parameters = try key.child("AlgorithmParameters")
    try parameters?.allowChildren(["Suite", "ChallengeFormat", "ResponseFormat"])
  }

  func algorithm() throws(PSKCError) -> PSKCAlgorithm {
    let uri = try key.attribute("Algorithm")
    guard let profile = KeyProfile(uri: uri) else { throw key.error(.unsupportedAlgorithm(uri)) }
    switch profile {
    case .hotp: return .hotp(HOTP(hash: try hash(), digits: try digits()), counter: try counter())
    case .totp: return .totp(try totp(), clock: try clock())
    case .ocra: return .ocra(try ocra())
    case .pin: return .pin
    }
  }

  private func totp() throws(PSKCError) -> TOTP {
    let interval = try range(data.timeInterval ?? 30, 1...Int64(UInt32.max), "TimeInterval")
    guard
      let totp = TOTP(
        hash: try hash(), digits: try digits(), period: UInt32(truncatingIfNeeded: interval))
    else { throw data.element.error(.invalidValue, atChild: "TimeInterval") }
    return totp
  }

  private func ocra() throws(PSKCError) -> PSKCOCRA {
    guard let element = try parameters?.child("Suite") else {
      throw key.error(.missingElement, atChild: "AlgorithmParameters/Suite")
    }
    let text = try element.value()
    guard let suite = try? OCRASuite(Array(text.utf8)) else {
      throw element.error(.unsupportedSuite(text))
    }
    if let format = try responseFormat(), format.length != suite.digitCount {
      throw format.element.error(.unsupportedFormat)
    }
    return PSKCOCRA(
      suite: suite, counter: try counter(), clock: try clock(),
      challengeFormat: try challengeFormat())
  }

  private func counter() throws(PSKCError) -> UInt64 {
    UInt64(try range(data.counter ?? 0, 0...Int64.max, "Counter"))
  }

  private func clock() throws(PSKCError) -> PSKCTokenClock {
    let drift = try range(data.timeDrift ?? 0, Int64(Int32.min)...Int64(Int32.max), "TimeDrift")
    return PSKCTokenClock(
      steps: try range(data.time ?? 0, 0...Int64.max, "Time"),
      drift: Int32(truncatingIfNeeded: drift))
  }

  private func range(
    _ number: Int64, _ range: ClosedRange<Int64>, _ name: String
  ) throws(PSKCError) -> Int64 {
    guard range.contains(number) else { throw data.element.error(.invalidValue, atChild: name) }
    return number
  }

  private func hash() throws(PSKCError) -> HashFunction {
    guard let suite = try parameters?.child("Suite") else { return .sha1 }
    let text = try suite.value()
    if text.isEmpty { return .sha1 }
    guard let hash = HashFunction(suite: text) else { throw suite.error(.unsupportedSuite(text)) }
    return hash
  }

  /// Six where the file does not say.
  private func digits() throws(PSKCError) -> DigitCount {
    guard let format = try responseFormat() else { return .six }
    guard let length = UInt8(exactly: format.length), let digits = DigitCount(rawValue: length)
    else { throw format.element.error(.unsupportedFormat) }
    return digits
  }

  /// A code's length. Codes are decimal and have no check digit, or are refused.
  private func responseFormat() throws(PSKCError) -> (length: Int, element: Element)? {
    guard let element = try parameters?.child("ResponseFormat") else { return nil }
    guard try element.attribute("Encoding") == PSKCChallengeFormat.Encoding.decimal.rawValue,
      try !element.flagAttribute("CheckDigits")
    else { throw element.error(.unsupportedFormat) }
    return (Int(try element.unsignedAttribute("Length")), element)
  }

  private func challengeFormat() throws(PSKCError) -> PSKCChallengeFormat? {
    guard let element = try parameters?.child("ChallengeFormat") else { return nil }
    guard let encoding = PSKCChallengeFormat.Encoding(rawValue: try element.attribute("Encoding"))
    else { throw element.error(.invalidAttribute("Encoding")) }
    return PSKCChallengeFormat(
      encoding: encoding, minimum: try element.unsignedAttribute("Min"),
      maximum: try element.unsignedAttribute("Max"),
      hasCheckDigit: try element.flagAttribute("CheckDigits"))
  }
}
