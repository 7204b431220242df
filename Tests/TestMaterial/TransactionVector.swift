import Foundation

/// A transaction with what it leads to, step by step (protocol.md, section 1).
public struct TransactionVector: Decodable, Sendable, CustomStringConvertible {
  public struct Transaction: Decodable, Sendable {
    public struct Field: Decodable, Sendable {
      public let label: String
      public let value: String
    }

    public let transactionId: String
    public let institutionCode: String
    public let vendorCode: String
    public let serial: String
    public let kind: String
    public let fields: [Field]
    public let createdAt: UInt64
    /// In hex, as all that follows.
    public let nonce: String
  }

  public let transaction: Transaction
  public let key: String
  public let challengeTime: UInt64
  public let canonical: String
  public let challenge: String
  public let hmac: String
  public let code: String
  public var description: String { "\(transaction.transactionId) at \(challengeTime)" }

  /// All of them; none where the file cannot be read, which a test must notice.
  public static let all: [TransactionVector] = {
    guard
      let file = Bundle.module.url(
        forResource: "transaction-codes", withExtension: "json", subdirectory: "Vectors"),
      let vectors = try? JSONDecoder().decode(
        [TransactionVector].self, from: Data(contentsOf: file))
    else { return [] }
    return vectors
  }()
}
