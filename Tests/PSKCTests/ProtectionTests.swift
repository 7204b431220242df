import Cryptography
import Foundation
import PSKC
import Testing

@Suite("What protects a container")
struct ProtectionTests {
  private static let secret = "KeyPackage/Key/Data/Secret"

  @Test("A changed MAC, ciphertext or IV is noticed, at the element and its package")
  func tampering() throws {
    for (old, new) in [
      ("Su+NvtQf", "Tu+NvtQf"), ("AAECAwQF", "BAECAwQF"), ("OD+cIHItl", "OD+cIHJtl"),
    ] {
      let error = try fault(Figure.text(6).changing(old, to: new), Figure.key)
      #expect(error?.reason == .macMismatch)
      #expect(error?.element == Self.secret + "/ValueMAC")
      #expect(error?.package?.number == 1)
      #expect(error?.package?.serialNumber == "987654321")
      #expect(error?.package?.keyID == "12345678")
    }
  }

  @Test("A shortened MAC is no MAC")
  func shortenedMAC() throws {
    for mac in ["", "Su8=", "Su+NvtQfmvfJzF6bmQiJqoLREw=="] {
      let text = try Figure.text(6).changing("Su+NvtQfmvfJzF6bmQiJqoLRExc=", to: mac)
      #expect(fault(text, Figure.key)?.reason == .macMismatch)
    }
  }

  @Test("An encrypted value without a MAC, and a MAC without a method, are refused")
  func missingMAC() throws {
    let text = try Figure.text(6)
    let mac = try #require(text.range(of: "<ValueMAC>")).lowerBound
    let end = try #require(text.range(of: "</ValueMAC>")).upperBound
    let withoutMAC = text.replacingCharacters(in: mac..<end, with: "")
    #expect(fault(withoutMAC, Figure.key)?.reason == .macMissing)

    let method = try #require(text.range(of: "<MACMethod")).lowerBound
    let methodEnd = try #require(text.range(of: "</MACMethod>")).upperBound
    let withoutMethod = text.replacingCharacters(in: method..<methodEnd, with: "")
    #expect(fault(withoutMethod, Figure.key)?.reason == .missingElement)
    #expect(fault(withoutMethod, Figure.key)?.element == "MACMethod")
  }

  @Test("The encryption key is never taken for a missing MAC key")
  func missingMACKey() throws {
    let text = try Figure.text(6)
    let key = try #require(text.range(of: "<MACKey>")).lowerBound
    let end = try #require(text.range(of: "</MACKey>")).upperBound
    let error = fault(text.replacingCharacters(in: key..<end, with: ""), Figure.key)
    #expect(error?.reason == .missingElement)
    #expect(error?.element == "MACMethod/MACKey")
  }

  @Test("A wrong key and a wrong passphrase are called that")
  func wrongKeys() throws {
    let key = PSKCUnlocking.preSharedKey(SecretBytes([UInt8](repeating: 7, count: 16)))
    let error = try fault(Figure.text(6), key)
    #expect(error?.reason == .wrongKey)
    #expect(error?.element == "MACMethod/MACKey")
    let passphrase = PSKCUnlocking.passphrase(SecretBytes("qwertz".utf8))
    #expect(try fault(Figure.text(7), passphrase)?.reason == .wrongKey)
  }

  @Test("A thousand wrong keys open nothing; nearly all are noticed at the MAC key")
  func manyWrongKeys() throws {
    let text = try Figure.text(6)
    var late = 0
    for number in 0..<1000 as Range<UInt16> {
      let bytes =
        [UInt8](repeating: UInt8(number >> 8), count: 8)
        + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 8)
      let error = fault(text, .preSharedKey(SecretBytes(bytes)))
      #expect(error?.reason == .wrongKey || error?.reason == .macMismatch)
      if error?.reason == .macMismatch { late += 1 }
    }
    #expect(late < 30)
  }

  @Test("A key of the wrong size says which one is right")
  func keySize() throws {
    let key = PSKCUnlocking.preSharedKey(SecretBytes([UInt8](repeating: 7, count: 32)))
    #expect(try fault(Figure.text(6), key)?.reason == .keySize(expected: 16))
  }

  @Test("Without a key, or with a thing of the other kind, the container says what it wants")
  func locked() throws {
    let key = PSKCError.Reason.locked(.preSharedKey(name: "Pre-shared-key"))
    #expect(try fault(Figure.text(6))?.reason == key)
    #expect(try fault(Figure.text(6), Figure.passphrase)?.reason == key)
    let passphrase = PSKCError.Reason.locked(.passphrase(name: "My Password 1"))
    #expect(try fault(Figure.text(7))?.reason == passphrase)
    #expect(try fault(Figure.text(7), Figure.key)?.reason == passphrase)
  }

  @Test("A secret that lies open in a file that should be encrypted is refused")
  func unprotected() throws {
    let text = try Figure.text(6)
    let value = try #require(text.range(of: "<EncryptedValue>")).lowerBound
    let end = try #require(text.range(of: "</ValueMAC>")).upperBound
    let planted = text.replacingCharacters(
      in: value..<end, with: "<PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue>")
    #expect(fault(planted, Figure.key)?.reason == .unprotected)
    #expect(try fault(Figure.text(3), Figure.key)?.reason == .unprotected)
    #expect(try fault(Figure.text(3), Figure.passphrase)?.reason == .unprotected)
  }

  @Test("Padding as XML Encryption has it, with anything before its count, is accepted")
  func xmlEncryptionPadding() throws {
    let keyBytes = hex("12345678901234567890123456789012")
    // Two blocks whose padding is 12 bytes, of which only the last one counts.
    let padded = Array("12345678901234567890".utf8) + [UInt8](repeating: 0xA5, count: 11) + [12]
    let encrypted = try AESCBC.encrypt(SecretBytes(padded), key: SecretBytes(keyBytes)).dropLast(16)
    let macKey = SecretBytes(hex("1122334455667788990011223344556677889900"))
    let mac = try hmac(.sha1, key: macKey, message: Array(encrypted))
    let text = try Figure.text(6)
      .changing(
        "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv",
        to: Data(encrypted).base64EncodedString()
      )
      .changing("Su+NvtQfmvfJzF6bmQiJqoLRExc=", to: Data(mac).base64EncodedString())
    #expect(try read(text, Figure.key).keys.first?.secret == Figure.secret)
  }

  @Test(
    "Encrypted counters are read as senders write them",
    arguments: [
      (Array("0".utf8), 0), (Array("4711".utf8), 4711), ([0, 0, 0, 0, 0, 0, 1, 2], 258),
      ([0x1E], 30), ([0x3B, 0xFE, 0xB1], 3_931_825), ([], nil),
      ([0xFF] + [UInt8](repeating: 0, count: 7), nil),
      ([UInt8](repeating: 0, count: 9), nil), (Array("99999999999999999999".utf8), nil),
    ] as [([UInt8], UInt64?)])
  func encryptedCounters(bytes: [UInt8], counter: UInt64?) throws {
    let key = SecretBytes(hex("12345678901234567890123456789012"))
    let macKey = SecretBytes(hex("1122334455667788990011223344556677889900"))
    let encrypted = try AESCBC.encrypt(SecretBytes(bytes), key: key)
    let mac = try hmac(.sha1, key: macKey, message: encrypted)
    let value = """
      <EncryptedValue>
      <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/>
      <xenc:CipherData><xenc:CipherValue>\(Data(encrypted).base64EncodedString())</xenc:CipherValue>
      </xenc:CipherData></EncryptedValue><ValueMAC>\(Data(mac).base64EncodedString())</ValueMAC>
      """
    let text = try Figure.text(6).changing("<PlainValue>0</PlainValue>", to: value)
    if let counter {
      #expect(
        try read(text, Figure.key).keys.first?.algorithm
          == .hotp(.init(digits: .eight), counter: counter))
    } else {
      #expect(fault(text, Figure.key)?.reason == .invalidValue)
    }
  }

  @Test("Ciphers, MACs, derivations and functions that are not known are named")
  func unsupportedAlgorithms() throws {
    for (number, old, new) in [
      (6, "xmlenc#aes128-cbc", "http://www.w3.org/2001/04/xmlenc#kw-aes128"),
      (6, "http://www.w3.org/2000/09/xmldsig#hmac-sha1", "urn:hmac-md5"),
      (7, "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2", "urn:scrypt"),
    ] {
      let prefix = new.hasPrefix("http") ? "http://www.w3.org/2001/04/" : ""
      let text = try Figure.text(number).changing(prefix + old, to: new)
      let error = fault(text, number == 6 ? Figure.key : Figure.passphrase)
      #expect(error?.reason == .unsupportedAlgorithm(new))
    }
    let text = try Figure.text(7).changing("<PRF/>", to: "<PRF Algorithm=\"urn:prf\"/>")
    #expect(fault(text, Figure.passphrase)?.reason == .unsupportedAlgorithm("urn:prf"))
  }

  @Test("Rounds beyond the limit are refused before any work is done")
  func iterations() throws {
    for (count, reason) in [
      ("10000001", PSKCError.Reason.iterations(10_000_001)), ("0", .iterations(0)),
      ("-1", .iterations(-1)), ("99999999999999999999", .invalidValue), ("many", .invalidValue),
    ] {
      let text = try Figure.text(7).changing(
        "<IterationCount>1000<", to: "<IterationCount>\(count)<")
      #expect(fault(text, Figure.passphrase)?.reason == reason)
    }
    var limits = PSKCLimits()
    limits.iterations = 999
    let bytes = try Array(Figure.text(7).utf8)
    #expect(throws: PSKCError.self) {
      try PSKCContainer(xml: bytes, unlocking: Figure.passphrase, limits: limits)
    }
  }

  @Test("An incomplete derivation says what is missing")
  func incompleteDerivation() throws {
    let text = try Figure.text(7).changing("<KeyLength>16</KeyLength>", to: "")
    let error = fault(text, Figure.passphrase)
    #expect(error?.reason == .missingElement)
    #expect(
      error?.element == "EncryptionKey/DerivedKey/KeyDerivationMethod/PBKDF2-params/KeyLength")
  }
}
