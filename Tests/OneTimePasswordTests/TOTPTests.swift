import Testing

@testable import OneTimePassword

@Suite("TOTP")
struct TOTPTests {
  struct Vector: Sendable {
    var time: Int64
    var sha1: String
    var sha256: String
    var sha512: String
  }

  /// RFC 6238, appendix B. The keys have the hash's size, as in the RFC's reference code.
  static let appendixB = [
    Vector(time: 59, sha1: "94287082", sha256: "46119246", sha512: "90693936"),
    Vector(time: 1_111_111_109, sha1: "07081804", sha256: "68084774", sha512: "25091201"),
    Vector(time: 1_111_111_111, sha1: "14050471", sha256: "67062674", sha512: "99943326"),
    Vector(time: 1_234_567_890, sha1: "89005924", sha256: "91819424", sha512: "93441116"),
    Vector(time: 2_000_000_000, sha1: "69279037", sha256: "90698825", sha512: "38618901"),
    Vector(time: 20_000_000_000, sha1: "65353130", sha256: "77737706", sha512: "47863826"),
  ]

  @Test("RFC 6238's codes hold", arguments: appendixB)
  func codes(vector: Vector) throws {
    for (hash, expected) in [
      (HashFunction.sha1, vector.sha1), (.sha256, vector.sha256), (.sha512, vector.sha512),
    ] {
      let totp = TOTP(hash: hash, digits: .eight)
      let key = digitsKey(count: hash.byteCount)
      let code = try totp.code(at: vector.time, hmac: hmacFunction(key: key))
      #expect(code?.digitsText == expected)
    }
  }

  @Test("A step begins exactly at its multiple of the period")
  func steps() throws {
    let totp = try #require(TOTP(period: 30, epoch: 100))
    #expect(totp.counter(at: 99) == nil)
    #expect(totp.counter(at: 100) == 0)
    #expect(totp.counter(at: 129) == 0)
    #expect(totp.counter(at: 130) == 1)
    #expect(totp.secondsRemaining(at: 99) == nil)
    #expect(totp.secondsRemaining(at: 100) == 30)
    #expect(totp.secondsRemaining(at: 129) == 1)
    #expect(totp.secondsRemaining(at: 130) == 30)
  }

  @Test("Every time has a counter or none, at the extremes too")
  func extremes() throws {
    let fromTheBeginning = try #require(TOTP(period: 1, epoch: .min))
    #expect(fromTheBeginning.counter(at: .min) == 0)
    #expect(fromTheBeginning.counter(at: .max) == .max)
    #expect(fromTheBeginning.secondsRemaining(at: .max) == 1)
    let slowest = try #require(TOTP(period: .max, epoch: .min))
    #expect(slowest.counter(at: .max) == 0x1_0000_0001)
    #expect(slowest.secondsRemaining(at: .min) == .max)
    #expect(TOTP().counter(at: .min) == nil)
    #expect(TOTP().counter(at: -1) == nil)
    #expect(TOTP().counter(at: .max) == UInt64(Int64.max) / 30)
    #expect(try #require(TOTP(period: 30, epoch: .max)).counter(at: .max) == 0)
  }

  @Test("There is no code before T0")
  func beforeEpoch() throws {
    #expect(try TOTP().code(at: -1, hmac: hmacFunction(key: [1])) == nil)
  }

  @Test("A period of zero is refused")
  func zeroPeriod() {
    #expect(TOTP(period: 0) == nil)
  }
}
