import Center
import Cryptography
import OneTimePassword
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Third-party tokens")
struct TokenTests {
  private static let key = SecretBytes(Array("12345678901234567890".utf8))

  private func importToken(
    _ centre: TestCentre, _ method: NewToken.Method, serial: String = "T1"
  ) async throws -> Token {
    let token = NewToken(
      institution: TestCentre.bank, manufacturer: "ACME", serial: serial, method: method,
      key: Self.key)
    return try await centre.store.importToken(token, as: .bank())
  }

  private func verify(
    _ centre: TestCentre, _ token: Token, _ code: String, at time: UnixTime = TestCentre.start
  ) async throws -> Verification.Result {
    let code = try #require(OneTimeCode(asciiDigits: Array(code.utf8)))
    return try await centre.store.verify(token.id, code: code, as: .bank(at: time)).result
  }

  @Test("The codes of RFC 4226, appendix D, are taken in order, each once, ten ahead at most")
  func hotp() async throws {
    let centre = try await TestCentre.withBanks()
    let token = try await importToken(centre, .hotp(HOTP(), counter: 0))
    let codes = [
      "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
      "520489",
    ]
    #expect(try await verify(centre, token, codes[0]) == .accepted)
    #expect(try await verify(centre, token, codes[0]) == .wrong)
    #expect(try await verify(centre, token, codes[3]) == .accepted)
    #expect(try await verify(centre, token, codes[2]) == .wrong)
    for code in codes[4...] { #expect(try await verify(centre, token, code) == .accepted) }
  }

  @Test("The codes of RFC 6238, appendix B, are taken in their time, one step either way")
  func totp() async throws {
    let centre = try await TestCentre.withBanks()
    let token = try await importToken(centre, .totp(TOTP(hash: .sha1, digits: .eight)))
    #expect(try await verify(centre, token, "07081804", at: UnixTime(1_111_111_109)) == .accepted)
    #expect(try await verify(centre, token, "07081804", at: UnixTime(1_111_111_109)) == .wrong)
    #expect(try await verify(centre, token, "14050471", at: UnixTime(1_111_111_141)) == .accepted)
    // The token is known to run a step late: two steps late are the most.
    #expect(try await verify(centre, token, "89005924", at: UnixTime(1_234_567_890 + 90)) == .wrong)
    #expect(try await verify(centre, token, "89005924", at: UnixTime(1_234_567_890)) == .accepted)
  }

  @Test("An OCRA token answers its question once, while it is open")
  func ocra() async throws {
    let centre = try await TestCentre.withBanks()
    let suite = try OCRASuite(Array("OCRA-1:HOTP-SHA1-6:QN08".utf8))
    let token = try await importToken(centre, .ocra(suite, counter: 0))
    let code = { (question: String) in
      let ocra = OCRA(suite)
      let message = try ocra.message(OCRAInputs(question: OCRAQuestion(Array(question.utf8))))
      let response = try ocra.response(to: message) { _, message in
        try hmac(.sha1, key: Self.key, message: message)
      }
      guard case .code(let code) = response else { throw Refusal(.internalError) }
      return code.digitsText
    }
    // RFC 6287, appendix C.1.
    #expect(try code("00000000") == "237653")
    await expectRefusal(.proofNotExpected) { try await verify(centre, token, "237653") }
    let challenge = try await centre.store.challenge(token.id, as: .bank())
    let answer = try code(challenge.question)
    await expectRefusal(.proofNotExpected) {
      try await verify(centre, token, answer, at: challenge.expiresAt)
    }
    #expect(try await verify(centre, token, answer) == .accepted)
    await expectRefusal(.proofNotExpected) { try await verify(centre, token, answer) }
  }

  @Test("Ten wrong codes lock a token; unlocked, it goes on")
  func lock() async throws {
    let centre = try await TestCentre.withBanks()
    let token = try await importToken(centre, .hotp(HOTP(), counter: 0))
    for _ in 0..<10 { #expect(try await verify(centre, token, "000000") == .wrong) }
    await expectRefusal(.tokenLocked) { try await verify(centre, token, "755224") }
    await expectRefusal(.notYours) {
      try await centre.store.unlockToken(token.id, as: .otherBank())
    }
    #expect(try await centre.store.unlockToken(token.id, as: .bank()).wrongCodes == 0)
    #expect(try await verify(centre, token, "755224") == .accepted)
  }

  @Test("Two codes in a row find a counter that ran far ahead, and it never comes back")
  func resynchronization() async throws {
    let centre = try await TestCentre.withBanks()
    let token = try await importToken(centre, .hotp(HOTP(), counter: 0))
    let code = { (counter: UInt64) in
      try HOTP().code(counter: counter) { _, message in
        try hmac(.sha1, key: Self.key, message: message)
      }
    }
    #expect(try await verify(centre, token, code(500).digitsText) == .wrong)
    let found = try await centre.store.resynchronize(
      token.id, first: code(500), second: code(501), as: .bank())
    #expect(found.result == .accepted)
    #expect(try await verify(centre, token, code(501).digitsText) == .wrong)
    #expect(try await verify(centre, token, code(502).digitsText) == .accepted)
    let back = try await centre.store.resynchronize(
      token.id, first: code(300), second: code(301), as: .bank())
    #expect(back.result == .wrong)
  }

  @Test("A token is imported once, and listed at its institution")
  func imports() async throws {
    let centre = try await TestCentre.withBanks()
    let token = try await importToken(centre, .totp(TOTP()))
    await expectRefusal(.tokenExists) { try await importToken(centre, .totp(TOTP())) }
    let listed = try await centre.store.tokens(of: TestCentre.bank, PageRequest())
    #expect(listed.items == [token])
    await expectRefusal(.invalidValue) {
      try await importToken(centre, .hotp(HOTP(), counter: 1 << 62), serial: "T2")
    }
    try await centre.expectSound()
  }
}
