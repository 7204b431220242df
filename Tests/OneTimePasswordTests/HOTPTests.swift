import Testing

@testable import OneTimePassword

@Suite("HOTP")
struct HOTPTests {
  /// RFC 4226, appendix D: the truncated values and the codes for counters 0 to 9.
  static let appendixD: [(truncated: UInt32, code: String)] = [
    (0x4C93_CF18, "755224"), (0x4139_7EEA, "287082"), (0x082F_EF30, "359152"),
    (0x66EF_7655, "969429"), (0x61C5_938A, "338314"), (0x33C0_83D4, "254676"),
    (0x7256_C032, "287922"), (0x04E5_B397, "162583"), (0x2823_443F, "399871"),
    (0x2679_DC69, "520489"),
  ]

  @Test("RFC 4226's codes hold")
  func codes() throws {
    let hmac = hmacFunction(key: digitsKey(count: 20))
    for (counter, expected) in Self.appendixD.enumerated() {
      let code = try HOTP().code(counter: UInt64(counter), hmac: hmac)
      #expect(code.digitsText == expected.code)
    }
  }

  @Test("A card's four truncated bytes give the same codes")
  func truncatedOnTheCard() throws {
    for expected in Self.appendixD {
      let bytes = expected.truncated.bigEndianBytes
      #expect(try #require(TruncatedResponse(bytes)).code(.six).digitsText == expected.code)
    }
  }

  @Test("The top bit of a card's four bytes is ignored")
  func topBit() throws {
    let response = try #require(TruncatedResponse([0xCC, 0x93, 0xCF, 0x18]))
    #expect(response.code(.six).digitsText == "755224")
    #expect(response.code(.seven).digitsText == "4755224")
    #expect(response.code(.eight).digitsText == "84755224")
  }

  @Test("Truncation reaches the last four bytes, and needs twenty")
  func truncationBounds() throws {
    var mac = [UInt8](repeating: 0, count: 20)
    mac.replaceSubrange(15..., with: [1, 2, 3, 4, 0x0F])
    let response = try #require(TruncatedResponse(truncating: mac))
    #expect(response.code(.eight) == OneTimeCode(number: 0x0102_0304, digitCount: 8))
    #expect(TruncatedResponse(truncating: Array(mac.dropFirst())) == nil)
    #expect(TruncatedResponse(truncating: []) == nil)
  }

  @Test("The offset comes from the last byte of a longer HMAC", arguments: [32, 64])
  func longerHMACs(count: Int) throws {
    var mac = [UInt8](repeating: 0xEE, count: count)
    mac.replaceSubrange(10..<14, with: [0, 0, 0, 7])
    mac[count - 1] = 0xFA
    #expect(try #require(TruncatedResponse(truncating: mac)).code(.six).digitsText == "000007")
  }

  @Test("Truncated responses of other sizes are refused", arguments: [0, 1, 3, 5, 20])
  func sizes(count: Int) {
    #expect(TruncatedResponse([UInt8](repeating: 0, count: count)) == nil)
  }

  @Test("A challenge is the counter in eight bytes, big endian")
  func challenge() {
    #expect(HOTP.challenge(counter: 0) == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(HOTP.challenge(counter: 0x0102_0304_0506_0708) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(HOTP.challenge(counter: .max) == [UInt8](repeating: 0xFF, count: 8))
  }

  @Test("What the HMAC throws reaches the caller as it is")
  func failure() {
    struct Refused: Error, Equatable {}
    #expect(throws: Refused()) {
      try HOTP().code(counter: 0) { _, _ throws(Refused) in throw Refused() }
    }
  }
}
