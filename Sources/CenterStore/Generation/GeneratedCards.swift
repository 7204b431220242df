import Cryptography
import SmartOTP

/// Many active cards, each on a device of its own, for measurements. Their keys follow from their
/// numbers, so that whoever loads a centre can calculate their codes.
package struct GeneratedCards: Sendable {
  package let issuer: InstitutionCode
  package let vendorCode: VendorCode

  package init(issuer: InstitutionCode, vendorCode: VendorCode) {
    self.issuer = issuer
    self.vendorCode = vendorCode
  }

  package func card(_ number: Int) -> CardIdentity {
    let digits = String(number)
    let serial = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return CardIdentity(vendorCode: vendorCode, serial: Serial(accepted: serial))
  }

  /// The device that has the card.
  package func device(_ number: Int) throws -> DeviceID {
    let digest = try sha256(Array("device \(card(number))".utf8))
    return DeviceID(accepted: "dev-" + CrockfordBase32.text(of: Array(digest.prefix(10))))
  }

  package func transactionKey(_ number: Int) throws -> SecretBytes {
    SecretBytes(try sha256(Array("transaction key \(card(number))".utf8)))
  }

  func accessKey(_ number: Int) throws -> SecretBytes {
    SecretBytes(try sha256(Array("access key \(card(number))".utf8)).prefix(16))
  }
}
