import Cryptography
import OneTimePassword
import SmartCard
import TestMaterial
import Testing

@testable import OTPCard

@Suite("OATH commands, byte by byte")
struct OATHCommandTests {
  private func hex(_ command: CommandAPDU) throws -> String {
    Hexadecimal.text(try command.encoded(extended: .never))
  }

  @Test("Commands with data carry no Le, commands without carry 00")
  func commands() throws {
    let name = try Fixtures.name("me")
    let challenge = OATHChallenge(counter: 1)
    #expect(try hex(OATHCommand.select) == "00A4040007A0000005272101")
    #expect(try hex(OATHCommand.list) == "00A1000000")
    #expect(try hex(OATHCommand.sendRemaining) == "00A5000000")
    #expect(try hex(OATHCommand.reset) == "0004DEAD00")
    #expect(try hex(OATHCommand.delete(name)) == "000200000471026D65")
    #expect(
      try hex(OATHCommand.calculate(name, challenge: challenge.bytes, truncated: true))
        == "00A200010E71026D6574080000000000000001")
    #expect(
      try hex(OATHCommand.calculate(name, challenge: [], truncated: true))
        == "00A200010671026D657400")
    #expect(
      try hex(OATHCommand.calculate(name, challenge: challenge.bytes, truncated: false))
        == "00A200000E71026D6574080000000000000001")
    #expect(try hex(OATHCommand.calculateAll(challenge)) == "00A400010A74080000000000000001")
    #expect(
      try hex(OATHCommand.validate(response: [0xAA, 0xBB], challenge: [0xCC]))
        == "00A30000077502AABB7401CC")
    #expect(
      try hex(OATHCommand.setCode(key: [0x21, 0x42], challenge: [0xCC], response: [0xAA]))
        == "000300000A730221427401CC7501AA")
    #expect(try hex(OATHCommand.removeCode) == "00030000027300")
  }

  @Test("PUT always carries the property byte, and the counter only where it is not 0")
  func put() throws {
    let totp = OATHNewCredential(
      name: try Fixtures.name("me"), kind: .totp, hash: .sha256, digits: .eight,
      key: SecretBytes([UInt8](repeating: 0xAB, count: 16)))
    let key = String(repeating: "AB", count: 16)
    #expect(try hex(totp.command()) == "000100001A71026D6573122208\(key)7800")

    var hotp = totp
    hotp.kind = .hotp
    hotp.hash = .sha1
    hotp.digits = .six
    #expect(try hex(hotp.command()) == "000100001A71026D6573121106\(key)7800")
    hotp.initialCounter = 0x0102_0304
    #expect(try hex(hotp.command()) == "000100002071026D6573121106\(key)78007A0401020304")

    var touch = totp
    touch.requiresTouch = true
    touch.initialCounter = 5
    #expect(try hex(touch.command()).hasSuffix("7802"))
  }

  @Test(
    "A short key is padded and a long one hashed: HMAC stays the same",
    arguments: [0, 1, 13, 14, 64, 65, 128, 129])
  func keyLengths(count: Int) throws {
    for hash in [HashFunction.sha1, .sha256, .sha512] {
      let original = [UInt8](repeating: 0x5A, count: count)
      let new = OATHNewCredential(
        name: try Fixtures.name("me"), kind: .totp, hash: hash, key: SecretBytes(original))
      var reader = TLVReader(try new.command().data)
      _ = try reader.value(of: .name)
      let key = Array(try reader.value(of: .key).dropFirst(2))
      #expect((14...hash.blockByteCount).contains(key.count))
      #expect(
        try hmac(hash.hash, key: SecretBytes(key), message: [1, 2, 3])
          == hmac(hash.hash, key: SecretBytes(original), message: [1, 2, 3]))
    }
  }

  @Test("The longest credential fits a short command")
  func longest() throws {
    let new = OATHNewCredential(
      name: try Fixtures.name(String(repeating: "x", count: 64)), kind: .hotp, hash: .sha512,
      key: SecretBytes([UInt8](repeating: 1, count: 128)), initialCounter: .max)
    #expect(throws: Never.self) { try new.command().encoded(extended: .never) }
  }
}
