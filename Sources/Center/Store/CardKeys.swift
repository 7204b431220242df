import Cryptography
import SmartOTP

/// A card's keys, out of the store's encryption.
public struct CardKeys: Sendable {
  /// `K_otp`, 32 bytes.
  public let transactionKey: SecretBytes
  /// `K_acc`, 16 bytes.
  public let accessKey: SecretBytes

  public init(transactionKey: SecretBytes, accessKey: SecretBytes) {
    self.transactionKey = transactionKey
    self.accessKey = accessKey
  }
}
