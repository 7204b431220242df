import Cryptography
import OneTimePassword
import SmartCard

@testable import OTPCard

/// The keys, names and credentials of RFC 4226, RFC 6238 and the project's transaction code.
enum Fixtures {
  static let rfcKey = Array("12345678901234567890".utf8)
  static let accessKeyBytes: [UInt8] = Array(0x40..<0x50)

  static var accessKey: OATHAccessKey {
    get throws { try required(OATHAccessKey(SecretBytes(accessKeyBytes))) }
  }

  static var otherKey: OATHAccessKey {
    get throws { try required(OATHAccessKey(SecretBytes([UInt8](repeating: 0x77, count: 16)))) }
  }

  static func name(_ text: String) throws -> OATHName { try required(OATHName(text)) }

  static func totp(
    _ text: String, _ hash: HashFunction = .sha1
  ) throws -> OTPCard.OATHCredential {
    OTPCard.OATHCredential(name: try name(text), kind: .totp, hash: hash)
  }

  static func hotp(_ text: String) throws -> OTPCard.OATHCredential {
    OTPCard.OATHCredential(name: try name(text), kind: .hotp, hash: .sha1)
  }

  static func onCard(
    _ name: String, algorithm: UInt8 = 0x21, digits: UInt8 = 6, key: [UInt8] = rfcKey,
    counter: UInt32 = 0
  ) -> OATHApplication.Credential {
    OATHApplication.Credential(
      name: Array(name.utf8), algorithm: algorithm, digits: digits, key: key, counter: counter)
  }

  static var smartOTP: SmartOTPCredential {
    get throws { try SmartOTPCredential(vendorCode: "K01", serial: "12345678") }
  }
  static let smartOTPKey = Array("01234567890123456789012345678901".utf8)

  /// The first vector of the transaction code: challenge 79A43E1F1A02C642, code 570924.
  static var transaction: TransactionChallenge {
    get throws {
      let canonical = try required(
        Hexadecimal.bytes(
          "010006542d30303031000330303400034b30310008313233343536373800087472616e7366657200030005"
            + "70617965650013ec8b9ced9798ec9aa920ec8898ecb7a8ec9db800076163636f756e74000e3131302d"
            + "3232322d3333333333330006616d6f756e74000b4b52572031353030303030000000006b0527e00010"
            + "000102030405060708090a0b0c0d0e0f"))
      return try TransactionChallenge(
        canonicalForm: canonical, challengeTime: 1_795_500_042, sha256: sha256)
    }
  }

  /// A card made a Smart OTP: its credential and its access key.
  static func smartOTPCard(
    _ profile: CardProfile = CardProfile.all[0], faults: [TestCard.Fault] = []
  ) throws -> TestCard {
    let card = try TestCard(profile, faults: faults)
    card.application.credentials = [
      onCard("smartotp:K01:12345678", algorithm: 0x22, key: smartOTPKey)
    ]
    card.application.accessKey = accessKeyBytes
    return card
  }

  struct Missing: Error {}

  static func required<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
  }
}
