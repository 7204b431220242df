import Cryptography
import OneTimePassword

/// Why a transaction has no challenge.
public enum ChallengeError: Error, Equatable, Sendable {
  case notClaimed
  case malformedNonce
  case details(TransactionDetailsError)
  case cryptography(CryptographyError)
}

extension Transaction {
  /// What the card authenticates: of the canonical form and the time of the last claim (protocol.md,
  /// section 1).
  ///
  /// Texts must be in Unicode normalisation form C, as the centre keeps and sends them.
  public func challenge() throws(ChallengeError) -> TransactionChallenge {
    guard let challengeTime, challengeTime.seconds >= 0 else { throw .notClaimed }
    let form: [UInt8]
    do { form = try details().canonicalForm() } catch { throw .details(error) }
    do {
      return try TransactionChallenge(
        canonicalForm: form, challengeTime: UInt64(challengeTime.seconds)
      ) { message throws(CryptographyError) in try sha256(message) }
    } catch { throw .cryptography(error) }
  }

  func details() throws(TransactionDetailsError) -> TransactionDetails {
    guard let nonce = [UInt8](hexadecimal: nonce) else { throw .nonceSize(0) }
    return TransactionDetails(
      transactionId: Array(id.text.utf8), institutionCode: Array(institution.text.utf8),
      vendorCode: Array(card.vendorCode.text.utf8), serial: Array(card.serial.text.utf8),
      kind: Array(kind.rawValue.utf8),
      fields: fields.map { .init(label: Array($0.label.utf8), value: Array($0.value.utf8)) },
      createdAt: UInt64(clamping: createdAt.seconds), nonce: nonce)
  }
}
