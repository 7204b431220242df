import Cryptography
import Foundation
import OneTimePassword
import PSKC
import Testing

@Suite("Writing a container")
struct ExportTests {
  /// Everything that a file can say, once.
  static func everything() throws -> PSKCContainer {
    let suite = try OCRASuite(Array("OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1".utf8))
    let totp = try #require(TOTP(hash: .sha256, digits: .eight, period: 60))
    return PSKCContainer(
      id: "batch-7",
      keys: [
        PSKCKey(
          id: "K1", algorithm: .hotp(HOTP(), counter: 4711), secret: Figure.secret,
          device: PSKCDevice(
            manufacturer: "oath.<A&B>", serialNumber: "S-1", model: "M \"1\"", issueNumber: "1",
            deviceBinding: "IMEI", startDate: 1_795_478_400, expiryDate: 1_950_000_000,
            userID: "CN=\u{D64D}\u{AE38}\u{B3D9}"),
          cryptoModuleID: "CM", issuer: "K01", friendlyName: "a card", userID: "CN=x",
          policy: PSKCPolicy(
            startDate: 0, expiryDate: 4_102_444_800,
            pin: PSKCPINPolicy(
              keyID: "K4", usageMode: .prepend, maximumFailedAttempts: 3, minimumLength: 4,
              maximumLength: 8, encoding: .decimal),
            usages: [.oneTimePassword, .challengeResponse], numberOfTransactions: 1000)),
        PSKCKey(
          id: "K2", algorithm: .totp(totp, clock: PSKCTokenClock(steps: 9, drift: -2)),
          secret: try .random(count: 32)),
        PSKCKey(
          id: "K3",
          algorithm: .ocra(
            PSKCOCRA(
              suite: suite, counter: 3, clock: PSKCTokenClock(steps: 1, drift: 5),
              challengeFormat: PSKCChallengeFormat(
                encoding: .decimal, minimum: 4, maximum: 8, hasCheckDigit: true))),
          secret: try .random(count: 64)),
        PSKCKey(id: "K4", algorithm: .pin, secret: SecretBytes("1234".utf8)),
      ])
  }

  static let protections: [(PSKCProtection, PSKCUnlocking)] =
    [16, 24, 32].map { count in
      let key = SecretBytes([UInt8](repeating: 0x5A, count: count))
      return (.preSharedKey(key, name: "K \(count)"), .preSharedKey(key))
    } + [
      (.plain, .none),
      (.passphrase(SecretBytes("qwerty".utf8), iterations: 1000), Figure.passphrase),
    ]

  @Test("What was written is read again, whatever protects it", arguments: protections.indices)
  func roundTrip(index: Int) throws {
    let (protection, unlocking) = Self.protections[index]
    let container = try Self.everything()
    let bytes = try container.bytes(protection)
    #expect(try PSKCContainer(xml: bytes, unlocking: unlocking) == container)
    let shown = String(decoding: bytes, as: UTF8.self)
    let secret = Data("12345678901234567890".utf8).base64EncodedString()
    if case .plain = protection {
      #expect(shown.contains(secret))
    } else {
      #expect(!shown.contains("PlainValue>" + secret))
      #expect(throws: PSKCError.self) { try PSKCContainer(xml: bytes) }
    }
  }

  @Test("A plain file is always the same, in the schema's order")
  func document() throws {
    let key = PSKCKey(
      id: "K1", algorithm: .totp(TOTP(hash: .sha256), clock: PSKCTokenClock()),
      secret: Figure.secret, device: PSKCDevice(serialNumber: "S1"), issuer: "A & \"B\"",
      policy: PSKCPolicy(usages: [.oneTimePassword]))
    let bytes = try PSKCContainer(keys: [key]).bytes(.plain)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <pskc:KeyContainer Version="1.0" xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc" \
        xmlns:ds="http://www.w3.org/2000/09/xmldsig#" \
        xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" \
        xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" \
        xmlns:pkcs5="http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#">
          <pskc:KeyPackage>
            <pskc:DeviceInfo>
              <pskc:SerialNo>S1</pskc:SerialNo>
            </pskc:DeviceInfo>
            <pskc:Key Id="K1" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
              <pskc:Issuer>A &amp; &quot;B&quot;</pskc:Issuer>
              <pskc:AlgorithmParameters>
                <pskc:Suite>HMAC-SHA256</pskc:Suite>
                <pskc:ResponseFormat Encoding="DECIMAL" Length="6"/>
              </pskc:AlgorithmParameters>
              <pskc:Data>
                <pskc:Secret>
                  <pskc:PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</pskc:PlainValue>
                </pskc:Secret>
                <pskc:Time>
                  <pskc:PlainValue>0</pskc:PlainValue>
                </pskc:Time>
                <pskc:TimeInterval>
                  <pskc:PlainValue>30</pskc:PlainValue>
                </pskc:TimeInterval>
              </pskc:Data>
              <pskc:Policy>
                <pskc:KeyUsage>OTP</pskc:KeyUsage>
              </pskc:Policy>
            </pskc:Key>
          </pskc:KeyPackage>
        </pskc:KeyContainer>

        """)
    #expect(try PSKCContainer(keys: [key]).bytes(.plain) == bytes)
  }

  @Test("No two encrypted files are alike")
  func freshness() throws {
    let container = PSKCContainer(
      keys: [PSKCKey(id: "K", algorithm: .hotp(HOTP(), counter: 0), secret: Figure.secret)])
    for (protection, _) in Self.protections {
      if case .plain = protection { continue }
      #expect(try container.bytes(protection) != container.bytes(protection))
    }
  }

  @Test("A value that has no place in a file is refused, with its package and element")
  func notExpressible() throws {
    func fault(_ change: (inout PSKCKey) -> Void) throws -> PSKCError? {
      var container = PSKCContainer(
        keys: [PSKCKey(id: "K", algorithm: .hotp(HOTP(), counter: 0), secret: Figure.secret)])
      container.keys += container.keys
      change(&container.keys[1])
      do {
        _ = try container.xml(protection: .plain)
        return nil
      } catch {
        return error
      }
    }
    let late = try #require(TOTP(period: 30, epoch: 5))
    let slow = try #require(TOTP(period: .max))
    let changes: [(element: String, (inout PSKCKey) -> Void)] = [
      ("Key", { $0.id = "" }),
      ("Issuer", { $0.issuer = "a\u{1}b" }),
      ("Issuer", { $0.issuer = " a" }),
      ("SerialNo", { $0.device.serialNumber = "a\u{FFFF}" }),
      ("StartDate", { $0.policy.startDate = .max }),
      ("Policy/PINPolicy", { $0.policy.pin = PSKCPINPolicy(keyID: "\n") }),
      ("Data/Secret", { $0.secret = SecretBytes([]) }),
      ("Data/Counter", { $0.algorithm = .hotp(HOTP(), counter: .max) }),
      ("Data/Time", { $0.algorithm = .totp(late, clock: PSKCTokenClock()) }),
      ("Data/Time", { $0.algorithm = .totp(TOTP(), clock: PSKCTokenClock(steps: .max)) }),
      ("Data/TimeInterval", { $0.algorithm = .totp(slow, clock: PSKCTokenClock()) }),
    ]
    for (element, change) in changes {
      let error = try fault(change)
      #expect(error?.reason == .notExpressible)
      #expect(error?.element == element)
      #expect(error?.package?.number == 2)
    }
    #expect(throws: PSKCError.self) { try PSKCContainer(keys: []).xml(protection: .plain) }
  }

  @Test("Keys of a wrong size, an empty passphrase and too few rounds are refused")
  func protectionLimits() throws {
    let container = try Self.everything()
    for protection: PSKCProtection in [
      .preSharedKey(SecretBytes([UInt8](repeating: 1, count: 20)), name: "K"),
      .preSharedKey(SecretBytes([UInt8](repeating: 1, count: 16)), name: ""),
      .passphrase(SecretBytes([])), .passphrase(SecretBytes([1]), iterations: 999),
      .passphrase(SecretBytes([1]), iterations: 10_000_001),
    ] {
      #expect(throws: PSKCError.self) { try container.xml(protection: protection) }
    }
  }

  @Test("Nothing that is printed shows a secret")
  func descriptions() throws {
    let container = try Self.everything()
    var dumped = ""
    dump(container, to: &dumped)
    for text in ["\(container)", String(reflecting: container), dumped] {
      #expect(text.contains("S-1") && text.contains("<secret>"))
      #expect(!text.contains("1234567890") && !text.contains("MTIzNDU2Nzg5"))
    }
    var protection = ""
    dump(PSKCProtection.passphrase(SecretBytes("qwerty".utf8)), to: &protection)
    #expect(!protection.contains("qwerty"))
  }
}

extension PSKCContainer {
  func bytes(_ protection: PSKCProtection) throws(PSKCError) -> [UInt8] {
    try xml(protection: protection).withUnsafeBytes { Array($0) }
  }
}
