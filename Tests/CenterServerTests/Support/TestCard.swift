import Cryptography
import Foundation
import OneTimePassword
import SmartOTP
import Testing

/// A card's keys in memory: it calculates what a card would.
struct TestCard: Sendable {
  let card: CardIdentity
  let transactionKey: SecretBytes
  let accessKey: SecretBytes

  var path: String { "/v1/cards/\(card.vendorCode)/\(card.serial)" }

  init(_ reservation: CardReservation, holder: String, key: P256.PrivateKey) throws {
    card = reservation.card
    let envelope = try #require(Data(base64Encoded: reservation.keys))
    let keys = try KeyEnvelope.open(
      [UInt8](envelope), with: key,
      associatedData: KeyDelivery.associatedData(holder: holder, card: reservation.card))
    let bytes = keys.withUnsafeBytes { Array($0) }
    try #require(
      bytes.count == KeyDelivery.transactionKeyByteCount + KeyDelivery.accessKeyByteCount)
    transactionKey = SecretBytes(bytes.prefix(KeyDelivery.transactionKeyByteCount))
    accessKey = SecretBytes(bytes.suffix(KeyDelivery.accessKeyByteCount))
  }

  func proof(of challenge: String) throws -> ProofSubmission {
    let message = try #require([UInt8](hexadecimal: challenge))
    return ProofSubmission(
      response: try hmac(.sha256, key: transactionKey, message: message).hexadecimal)
  }

  /// The code that the card makes for a claimed transaction.
  func code(for transaction: Transaction) throws -> CodeSubmission {
    let mac = try hmac(
      .sha256, key: transactionKey, message: Array(transaction.challenge().bytes))
    let response = try #require(TruncatedResponse(truncating: mac))
    return CodeSubmission(code: TransactionCode.code(from: response).digitsText)
  }

  func wrongCode(for transaction: Transaction) throws -> CodeSubmission {
    let right = try #require(Int(code(for: transaction).code))
    return CodeSubmission(code: String(format: "%06d", (right + 1) % 1_000_000))
  }

  func transfer() -> TransactionRequest {
    TransactionRequest(
      card: card, kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ])
  }
}
