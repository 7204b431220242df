import Center
import Cryptography
import OneTimePassword
import PSKC
import SmartOTP

/// A Smart OTP card in a key file: two packages of one device. The key is a TOTP key by the name
/// that the credential has on the card; the access key is named `smartotp-access:` and the card, and
/// is a HOTP key only because a key file knows no other kind for it.
struct CardKeyPackages {
  let card: CardIdentity
  let keys: CardKeys

  init(card: CardIdentity, keys: CardKeys) {
    self.card = card
    self.keys = keys
  }

  /// - Throws: `CommandFailure` for a file that holds anything but one whole card.
  init(_ container: PSKCContainer, file: String) throws {
    guard container.keys.count == 2,
      let transaction = container.keys.first(where: { $0.id.hasPrefix(Self.prefix) }),
      let card = try? CardIdentity(String(transaction.id.dropFirst(Self.prefix.utf8.count))),
      let access = container.keys.first(where: { $0.id == Self.accessName(card) })
    else {
      throw CommandFailure(
        .badData,
        "\(file) is not one card: it needs the packages smartotp:VENDOR:SERIAL and "
          + "smartotp-access:VENDOR:SERIAL")
    }
    guard transaction.secret.count == KeyDelivery.transactionKeyByteCount,
      access.secret.count == KeyDelivery.accessKeyByteCount
    else {
      throw CommandFailure(.badData, "\(file): the keys must have 32 and 16 bytes")
    }
    self.init(
      card: card, keys: CardKeys(transactionKey: transaction.secret, accessKey: access.secret))
  }

  var container: PSKCContainer {
    let device = PSKCDevice(
      manufacturer: card.vendorCode.text, serialNumber: card.serial.text)
    return PSKCContainer(keys: [
      PSKCKey(
        id: card.credentialName, algorithm: .totp(TOTP(hash: .sha256), clock: PSKCTokenClock()),
        secret: keys.transactionKey, device: device),
      PSKCKey(
        id: Self.accessName(card), algorithm: .hotp(HOTP(), counter: 0), secret: keys.accessKey,
        device: device),
    ])
  }

  private static let prefix = "smartotp:"
  private static func accessName(_ card: CardIdentity) -> String { "smartotp-access:\(card)" }
}
