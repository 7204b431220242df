import Center
import Cryptography
import SmartOTP

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Peer {
  /// Both of a card's keys for the issuing device, in base64.
  func seal(_ keys: CardKeys, for card: CardIdentity) throws(CryptographyError) -> String {
    try seal(SecretBytes(concatenating: [keys.transactionKey, keys.accessKey]), for: card)
  }

  /// `K_acc` for a registered device or a counter, in base64.
  func seal(accessKeyOf keys: CardKeys, for card: CardIdentity) throws(CryptographyError) -> String
  {
    try seal(keys.accessKey, for: card)
  }

  private func seal(
    _ secret: SecretBytes, for card: CardIdentity
  ) throws(CryptographyError) -> String {
    let envelope = try KeyEnvelope.seal(
      secret, to: publicKey,
      associatedData: KeyDelivery.associatedData(holder: subject, card: card))
    return Data(envelope).base64EncodedString()
  }
}
