import Cryptography
import OneTimePassword
import PSKC
import Testing

@Suite("RFC 6030's figures")
struct FigureTests {
  @Test("Figure 2: a key and nothing else is a HOTP key of six digits that starts at 0")
  func basic() throws {
    let container = try Figure.read(2)
    #expect(container.id == "exampleID1")
    #expect(!container.carriesUncheckedSignature)
    let expected = PSKCKey(
      id: "12345678", algorithm: .hotp(HOTP(), counter: 0), secret: SecretBytes("1234".utf8),
      issuer: "Issuer-A")
    #expect(container.keys == [expected])
  }

  @Test("Figure 3: device, module, user and format are read")
  func supplementaryData() throws {
    let expected = PSKCKey(
      id: "12345678", algorithm: .hotp(HOTP(digits: .eight), counter: 0), secret: Figure.secret,
      device: PSKCDevice(
        manufacturer: "Manufacturer", serialNumber: "987654321", userID: "DC=example-bank,DC=net"),
      cryptoModuleID: "CM_ID_001", issuer: "Issuer", userID: "UID=jsmith,DC=example-bank,DC=net")
    #expect(try Figure.read(3).keys == [expected])
  }

  @Test("Figure 4: a key that is to be derived from a master key is refused as that")
  func derivedKey() throws {
    let error = try fault(Figure.text(4))
    #expect(error?.reason == .secretByReference)
    #expect(error?.package?.serialNumber == "987654321")
  }

  @Test("Figure 5: the policy is read, and the PIN that it names")
  func policy() throws {
    let keys = try Figure.read(5).keys
    #expect(
      keys.first?.policy
        == PSKCPolicy(
          pin: PSKCPINPolicy(
            keyID: "123456781", usageMode: .local, minimumLength: 4, maximumLength: 4,
            encoding: .decimal),
          usages: [.oneTimePassword]))
    #expect(keys.last?.id == "123456781")
    #expect(keys.last?.algorithm == .pin)
    #expect(keys.last?.secret == SecretBytes("1234".utf8))
  }

  @Test("Figure 6: opens with the pre-shared key")
  func preSharedKey() throws {
    let key = try #require(try Figure.read(6, Figure.key).keys.first)
    #expect(key.secret == Figure.secret)
    #expect(key.algorithm == .hotp(HOTP(digits: .eight), counter: 0))
    let lock = try PSKCContainer.lock(of: Array(Figure.text(6).utf8))
    #expect(lock == .preSharedKey(name: "Pre-shared-key"))
  }

  @Test("Figure 7: opens with the passphrase")
  func passphrase() throws {
    let key = try #require(try Figure.read(7, Figure.passphrase).keys.first)
    #expect(key.secret == Figure.secret)
    #expect(key.device.manufacturer == "TokenVendorAcme")
    let lock = try PSKCContainer.lock(of: Array(Figure.text(7).utf8))
    #expect(lock == .passphrase(name: "My Password 1"))
  }

  @Test(
    "Figure 8: a container for a certificate's holder is refused by the name of what is missing")
  func certificate() throws {
    let text = try Figure.text(6)
      .changing(
        "<ds:KeyName>Pre-shared-key</ds:KeyName>",
        to: "<ds:X509Data><ds:X509Certificate>MIIB</ds:X509Certificate></ds:X509Data>")
    let expected = PSKCError.Reason.unsupportedAlgorithm("X509Data")
    #expect(fault(text, Figure.key)?.reason == expected)
    #expect(fault(text, Figure.key)?.element == "EncryptionKey")
    #expect(throws: PSKCError.self) { try PSKCContainer.lock(of: Array(text.utf8)) }
  }

  @Test("Figure 9: a signed container is read, and says that nobody checked the signature")
  func signature() throws {
    let container = try Figure.read(9)
    #expect(container.carriesUncheckedSignature)
    #expect(container.keys.map(\.secret) == [Figure.secret])
  }

  @Test("Figure 10: four keys come in order, each with its dates")
  func bulk() throws {
    let keys = try Figure.read(10).keys
    #expect(keys.map(\.device.serialNumber) == ["654321", "123456", "9999999", "9999999"])
    #expect(keys.map(\.id) == ["1", "2", "3", "4"])
    #expect(
      keys.map(\.policy.startDate) == [1_146_441_600, 1_146_441_600, 1_141_171_200, 1_143_849_600])
    #expect(keys.last?.policy.expiryDate == 1_146_355_200)
    #expect(try PSKCContainer.lock(of: Array(Figure.text(10).utf8)) == .none)
  }
}
