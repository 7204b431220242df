import SmartOTP

/// What a code is for.
public enum CodePurpose: Hashable, Sendable {
  /// It confirms a transaction that this device has claimed.
  case transaction(Transaction)
  /// A plain TOTP code (RFC 6238) of this card, bound to no transaction: what is left to give while
  /// the centre is away.
  case plain(CardIdentity)

  public var transaction: Transaction? {
    if case .transaction(let transaction) = self { transaction } else { nil }
  }

  public var card: CardIdentity {
    switch self {
    case .transaction(let transaction): transaction.card
    case .plain(let card): card
    }
  }
}
