/// POST /v1/transactions.
public struct TransactionRequest: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let kind: TransactionKind
  public let fields: [TransactionField]
  public let reference: String?
  /// How long it may be claimed: 30 to 3600, else 300.
  public let lifetimeSeconds: Int64?

  public init(
    card: CardIdentity, kind: TransactionKind, fields: [TransactionField],
    reference: String? = nil, lifetimeSeconds: Int64? = nil
  ) {
    self.card = card
    self.kind = kind
    self.fields = fields
    self.reference = reference
    self.lifetimeSeconds = lifetimeSeconds
  }
}

/// POST /v1/transactions/{id}/claim: the card that was tapped.
public struct ClaimRequest: Hashable, Sendable, Codable {
  public let card: CardIdentity

  public init(card: CardIdentity) { self.card = card }
}

/// POST /v1/transactions/{id}/verification.
public struct CodeSubmission: Hashable, Sendable, Codable, CustomStringConvertible,
  CustomReflectable
{
  /// The digits.
  public let code: String

  public init(code: String) { self.code = code }

  public var description: String { "<code>" }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// What came of a code.
public struct Verification: Hashable, Sendable, Codable {
  public enum Result: String, CaseIterable, Sendable, Codable {
    case accepted
    case wrong
  }

  public let result: Result
  public let transaction: TransactionState
  /// Codes that may still be tried for this transaction.
  public let attemptsLeft: Int
  /// The card is locked now: its issuer unlocks it.
  public let cardLocked: Bool

  public init(
    result: Result, transaction: TransactionState, attemptsLeft: Int, cardLocked: Bool
  ) {
    self.result = result
    self.transaction = transaction
    self.attemptsLeft = attemptsLeft
    self.cardLocked = cardLocked
  }
}
