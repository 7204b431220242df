import SmartOTP

/// A transaction's life, as the record tells it.
public struct TransactionHistory: Hashable, Sendable {
  public private(set) var state: TransactionState?
  public private(set) var attemptsLeft = Transaction.attemptLimit
  /// Whether every step was one that the rules allow.
  public private(set) var isLegal = true

  public init() {}

  /// - Parameter action: an audit record's action; those that are not a transaction's are no step.
  public mutating func add(_ action: String) {
    let next: TransactionState
    switch action {
    case "transaction.posted":
      isLegal = isLegal && state == nil
      state = .pending
      return
    case "transaction.claimed": next = .claimed
    case "transaction.code-wrong":
      attemptsLeft -= 1
      isLegal = isLegal && state == .claimed && attemptsLeft > 0
      return
    case "transaction.verified": next = .verified
    case "transaction.rejected":
      attemptsLeft -= 1
      isLegal = isLegal && attemptsLeft == 0
      next = .rejected
    case "transaction.cancelled": next = .cancelled
    case "transaction.expired": next = .expired
    default: return
    }
    isLegal = isLegal && state?.mayBecome(next) == true
    state = next
  }
}

/// A card's life, as the record tells it.
public struct CardHistory: Hashable, Sendable {
  public private(set) var state: CardState?
  public private(set) var wrongCodes = 0
  public private(set) var isLegal = true

  public init() {}

  /// - Parameter action: of a record about the card, or about a code of it.
  public mutating func add(_ action: String) {
    switch action {
    case "card.reserved": begin(.reserved)
    case "card.imported": begin(.keyed)
    case "card.keyed": become(.keyed)
    case "card.proof-wrong": isLegal = isLegal && state == .keyed
    case "card.activated": become(.active)
    case "card.abandoned":
      isLegal = isLegal && (state == .reserved || state == .keyed)
      become(.retired)
    case "card.lost": become(.lost)
    case "card.retired":
      isLegal = isLegal && state == .active
      become(.retired)
    case "card.locked": isLegal = isLegal && wrongCodes == Card.wrongCodeLimit
    case "card.unlocked":
      isLegal = isLegal && wrongCodes == Card.wrongCodeLimit
      wrongCodes = 0
    case "transaction.verified": tried(wrongCodes: 0)
    case "transaction.code-wrong", "transaction.rejected": tried(wrongCodes: wrongCodes + 1)
    default: break
    }
  }

  private mutating func begin(_ first: CardState) {
    isLegal = isLegal && state == nil
    state = first
  }

  private mutating func become(_ next: CardState) {
    isLegal = isLegal && state?.mayBecome(next) == true
    state = next
  }

  /// A code counts only on an active card that is not locked.
  private mutating func tried(wrongCodes count: Int) {
    isLegal = isLegal && state == .active && wrongCodes < Card.wrongCodeLimit
    wrongCodes = count
  }
}
