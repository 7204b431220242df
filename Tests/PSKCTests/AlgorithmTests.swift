import OneTimePassword
import PSKC
import Testing

@Suite("What a key calculates")
struct AlgorithmTests {
  private func algorithm(
    _ profile: String, _ parameters: String = "", _ data: String = ""
  ) throws -> PSKCAlgorithm? {
    let xml = container(algorithm: profile, parameters: parameters, data: data)
    return try read(xml).keys.first?.algorithm
  }

  private func reason(
    _ profile: String, _ parameters: String = "", _ data: String = ""
  ) -> PSKCError.Reason? {
    fault(container(algorithm: profile, parameters: parameters, data: data))?.reason
  }

  private func plain(_ name: String, _ value: String) -> String {
    "<\(name)><PlainValue>\(value)</PlainValue></\(name)>"
  }

  @Test(
    "A suite names the hash, in all its spellings",
    arguments: [
      ("HMAC-SHA1", .sha1), ("HMAC-SHA256", .sha256), ("HMAC-SHA512", .sha512),
      ("hmac-sha-256", .sha256), ("SHA512", .sha512), ("HOTP-SHA1", .sha1),
      (" HMAC-SHA256 ", .sha256),
    ] as [(String, HashFunction)])
  func hashes(suite: String, hash: HashFunction) throws {
    let parameters = "<Suite>\(suite)</Suite>"
    #expect(try algorithm("totp", parameters) == .totp(TOTP(hash: hash), clock: PSKCTokenClock()))
    #expect(try algorithm("hotp", parameters) == .hotp(HOTP(hash: hash), counter: 0))
  }

  @Test("A suite that is not known is never taken for SHA-1")
  func unknownSuite() {
    for suite in ["HMAC-SHA3-256", "HMAC-MD5", "OCRA-1:HOTP-SHA1-6:QN08"] {
      #expect(reason("totp", "<Suite>\(suite)</Suite>") == .unsupportedSuite(suite))
    }
  }

  @Test("Six, seven and eight decimal digits are codes; other formats are refused")
  func formats() throws {
    func format(_ attributes: String) -> String { "<ResponseFormat \(attributes)/>" }
    for digits in DigitCount.allCases {
      let text = format("Encoding='DECIMAL' Length='\(digits.rawValue)'")
      #expect(try algorithm("hotp", text) == .hotp(HOTP(digits: digits), counter: 0))
    }
    for refused in [
      "Encoding='DECIMAL' Length='9'", "Encoding='DECIMAL' Length='5'",
      "Encoding='DECIMAL' Length='262'", "Encoding='HEXADECIMAL' Length='6'",
      "Encoding='DECIMAL' Length='6' CheckDigits='true'",
    ] {
      #expect(reason("hotp", format(refused)) == .unsupportedFormat)
    }
    #expect(reason("hotp", format("Length='6'")) == .missingAttribute("Encoding"))
    #expect(reason("hotp", format("Encoding='DECIMAL' Length='-6'")) == .invalidAttribute("Length"))
    #expect(
      reason("hotp", format("Encoding='DECIMAL' Length='6' CheckDigits='maybe'"))
        == .invalidAttribute("CheckDigits"))
  }

  @Test("Counter, time, interval and drift are read within their ranges")
  func numbers() throws {
    #expect(
      try algorithm("hotp", "", plain("Counter", "9223372036854775807"))
        == .hotp(HOTP(), counter: 9_223_372_036_854_775_807))
    let data = plain("Time", "100") + plain("TimeInterval", "60") + plain("TimeDrift", "-4")
    let totp = try #require(TOTP(period: 60))
    #expect(
      try algorithm("totp", "", data) == .totp(totp, clock: PSKCTokenClock(steps: 100, drift: -4)))
    for (name, value) in [
      ("Counter", "-1"), ("Counter", "1.5"), ("Counter", "0x10"),
      ("Counter", "9223372036854775808"),
      ("Counter", ""),
    ] {
      #expect(reason("hotp", "", plain(name, value)) == .invalidValue)
    }
    for (name, value) in [
      ("TimeInterval", "0"), ("TimeInterval", "-30"), ("TimeInterval", "4294967296"),
      ("TimeDrift", "2147483648"), ("Time", "-1"),
    ] {
      #expect(reason("totp", "", plain(name, value)) == .invalidValue)
    }
  }

  @Test("The profiles' names of early drafts are read; other profiles are named")
  func profiles() throws {
    let early = try container().changing("pskc:hotp", to: "pskc#hotp")
    #expect(try read(early).keys.count == 1)
    #expect(
      reason("securid") == .unsupportedAlgorithm("urn:ietf:params:xml:ns:keyprov:pskc:securid"))
    let none = try container().changing(
      " Algorithm=\"urn:ietf:params:xml:ns:keyprov:pskc:hotp\"", to: "")
    #expect(fault(none)?.reason == .missingAttribute("Algorithm"))
  }

  @Test("An OCRA key has its suite, and a counter where the suite has one")
  func ocra() throws {
    let text = "OCRA-1:HOTP-SHA512-8:C-QN08"
    let parameters = """
      <Suite>\(text)</Suite><ChallengeFormat Encoding="DECIMAL" Min="8" Max="8" CheckDigits="1"/>
      <ResponseFormat Length="8" Encoding="DECIMAL"/>
      """
    let format = PSKCChallengeFormat(
      encoding: .decimal, minimum: 8, maximum: 8, hasCheckDigit: true)
    let expected = try PSKCOCRA(
      suite: OCRASuite(Array(text.utf8)), counter: 7, challengeFormat: format)
    #expect(expected.counter == 7)
    #expect(try algorithm("ocra", parameters, plain("Counter", "7")) == .ocra(expected))

    let simple = try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:QA06".utf8))
    #expect(
      try algorithm("ocra", "<Suite>OCRA-1:HOTP-SHA1-6:QA06</Suite>", plain("Counter", "7"))
        == .ocra(PSKCOCRA(suite: simple)))
    #expect(PSKCOCRA(suite: simple, counter: 7).counter == nil)
  }

  @Test("An OCRA key without a suite, or with one that the format contradicts, is refused")
  func ocraRefused() {
    #expect(reason("ocra") == .missingElement)
    #expect(reason("ocra", "<Suite>HMAC-SHA1</Suite>") == .unsupportedSuite("HMAC-SHA1"))
    let suite = "<Suite>OCRA-1:HOTP-SHA1-6:QN08</Suite>"
    #expect(
      reason("ocra", suite + "<ResponseFormat Length='8' Encoding='DECIMAL'/>")
        == .unsupportedFormat)
    #expect(
      reason("ocra", suite + "<ChallengeFormat Encoding='MORSE' Min='1' Max='2'/>")
        == .invalidAttribute("Encoding"))
  }
}
