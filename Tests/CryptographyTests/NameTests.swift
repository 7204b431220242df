import COpenSSL
import Testing

@testable import Cryptography

@Suite("Names in certificates")
struct NameTests {
  @Test("A name is written the most specific part first, and escaped")
  func text() throws {
    let name = try DistinguishedName([
      .init(.country, "KR"), .init(.organization, "A, B + C"), .init(.organizationalUnit, "#1 \\ "),
      .init(.userID, "u1"), .init(.serialNumber, "S-1"), .init(.commonName, " \"김\"<x>;=y"),
    ])
    #expect(
      name.description
        == "CN=\\ \\\"김\\\"\\<x\\>\\;=y,serialNumber=S-1,UID=u1,OU=\\#1 \\\\\\ ,O=A\\, B \\+ C,C=KR"
    )
  }

  @Test("A name read back from its encoding is the same")
  func roundTrip() throws {
    let name = try DistinguishedName(
      commonName: "device-1", organization: "Centre", organizationalUnit: "device")
    let read = try name.withNative { native throws(CryptographyError) in
      try DistinguishedName(reading: native)
    }
    #expect(read == name)
    #expect(name.values(of: .organizationalUnit) == ["device"])
  }

  @Test("A value of an unknown kind is shown, text or not; a common name must be text")
  func unknownKinds() throws {
    func name(_ identifier: [UInt8], _ value: [UInt8]) throws -> DistinguishedName {
      let attribute = DER.sequence([DER.objectIdentifier(identifier), value])
      let native = try NativeObject.decode(
        DER.sequence([DER.element(0x31, attribute)]), "d2i_X509_NAME", release: X509_NAME_free,
        with: d2i_X509_NAME)
      return try native.withPointer { native throws(CryptographyError) in
        try DistinguishedName(reading: native)
      }
    }
    let bits: [UInt8] = [3, 2, 0, 0xA5]
    #expect(try name([0x2A, 3], [0x0C, 1, 0x78]).description == "1.2.3=x")
    // x500UniqueIdentifier
    #expect(try name([0x55, 4, 45], bits).value(of: .other("2.5.4.45")) == "#a5")
    #expect(reason { try name([0x55, 4, 3], bits) } == .malformed)
    // UTF8String of no UTF-8.
    #expect(reason { try name([0x55, 4, 3], [0x0C, 1, 0xFF]) } == .malformed)
  }

  @Test(
    "Empty, overlong and unprintable values are refused",
    arguments: ["", String(repeating: "x", count: 65), "a\0b", "a\nb", "\u{85}"])
  func refused(value: String) {
    #expect(reason { try DistinguishedName(commonName: value) } == .invalidInput)
  }

  @Test("Values in an alphabet the attribute does not have, and unknown kinds, are refused")
  func alphabets() {
    for attribute in [
      DistinguishedName.Attribute(.serialNumber, "번호"), .init(.country, "KOR"),
      .init(.other("1.2.3"), "x"),
    ] {
      #expect(reason { try DistinguishedName([attribute]) } == .invalidInput)
    }
    #expect(reason { try DistinguishedName([]) } == .invalidInput)
  }

  @Test(
    "Hosts are DNS names or addresses",
    arguments: ["a", "centre.example", "*.example", "192.0.2.1", "::1", "xn--9n2bp8q.example"])
  func hosts(text: String) {
    #expect(AlternativeName(host: text) != nil)
  }

  @Test(
    "What is neither is refused",
    arguments: [
      "", ".", "a.", ".a", "a..b", "-a", "a-", "a_b", "a b", "*", "a.*", "192.0.2", "192.0.2.256",
      "a,DNS:b", "은행.example", String(repeating: "a", count: 64), "::1::",
    ])
  func notHosts(text: String) {
    #expect(AlternativeName(host: text) == nil)
  }
}

@Suite("DER")
struct DERTests {
  @Test("Integers, lengths and named bits have their one encoding")
  func encodings() {
    #expect(DER.integer(0) == [2, 1, 0])
    #expect(DER.integer(127) == [2, 1, 127])
    #expect(DER.integer(128) == [2, 2, 0, 128])
    #expect(DER.integer(.max) == [2, 9, 0] + [UInt8](repeating: 255, count: 8))
    #expect(DER.octetString([UInt8](repeating: 7, count: 127)).prefix(2) == [4, 127])
    #expect(DER.octetString([UInt8](repeating: 7, count: 128)).prefix(3) == [4, 0x81, 128])
    #expect(DER.octetString([UInt8](repeating: 7, count: 256)).prefix(4) == [4, 0x82, 1, 0])
    #expect(DER.namedBits([0x80, 0]) == [3, 2, 7, 0x80])
    #expect(DER.namedBits([0x06, 0]) == [3, 2, 1, 0x06])
    #expect(DER.namedBits([0x01, 0x80]) == [3, 3, 7, 0x01, 0x80])
    #expect(DER.namedBits([0, 0]) == [3, 1, 0])
  }
}
