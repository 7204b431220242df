import OneTimePassword

/// What is to be confirmed with a code.
public enum TransactionKind: String, CaseIterable, Sendable, Codable {
  case transfer
  case certificateReissue = "certificate-reissue"
  case login
  case other
}

/// A line that the customer must see, in the order in which it is shown and vouched for.
public struct TransactionField: Hashable, Sendable, Codable {
  public let label: String
  public let value: String

  public init(label: String, value: String) {
    self.label = label
    self.value = value
  }
}

/// Where a transaction is: pending → claimed → one of the rest (protocol.md, section 3). A pending
/// one may be cancelled or run out as well.
public enum TransactionState: String, CaseIterable, Sendable, Codable {
  case pending
  case claimed
  case verified
  /// Too many wrong codes.
  case rejected
  case cancelled
  case expired

  public var isFinal: Bool { self != .pending && self != .claimed }

  public func mayBecome(_ next: TransactionState) -> Bool {
    switch (self, next) {
    case (.pending, .claimed), (.claimed, .claimed): true
    case (.pending, .cancelled), (.pending, .expired): true
    case (.claimed, .verified), (.claimed, .rejected), (.claimed, .cancelled), (.claimed, .expired):
      true
    default: false
    }
  }
}

/// A transaction that an institution posted.
public struct Transaction: Hashable, Sendable, Codable {
  public let id: TransactionID
  public let institution: InstitutionCode
  /// As the centre's directory has it now, for people to read; the code does not vouch for it. Nil where
  /// it was not asked for.
  public var institutionName: String?
  public let card: CardIdentity
  public let kind: TransactionKind
  public let fields: [TransactionField]
  /// The institution's own number for it, not shown to the customer.
  public let reference: String?
  public var state: TransactionState
  public let createdAt: UnixTime
  /// It can be claimed until then.
  public let expiresAt: UnixTime
  /// Wrong codes that may still be tried.
  public var attemptsLeft: Int
  /// 16 bytes in hex, drawn after the rest was fixed.
  public let nonce: String
  /// When it was last claimed.
  public var challengeTime: UnixTime?

  /// So many wrong codes end a transaction as rejected.
  public static let attemptLimit = 5
  /// From the claim on: a minute to read, a minute of display, and a minute to type.
  public static let codeLifetimeSeconds: Int64 = 180
  public static let defaultLifetimeSeconds: Int64 = 300
  public static let lifetimeSecondsRange: ClosedRange<Int64> = 30...3600
  public static let maximumFieldCount = 32
  public static let maximumLabelByteCount = 64
  public static let maximumValueByteCount = 512

  public init(
    id: TransactionID, institution: InstitutionCode, institutionName: String? = nil,
    card: CardIdentity, kind: TransactionKind,
    fields: [TransactionField], reference: String?, state: TransactionState, createdAt: UnixTime,
    expiresAt: UnixTime, attemptsLeft: Int, nonce: String, challengeTime: UnixTime?
  ) {
    self.id = id
    self.institution = institution
    self.institutionName = institutionName
    self.card = card
    self.kind = kind
    self.fields = fields
    self.reference = reference
    self.state = state
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.attemptsLeft = attemptsLeft
    self.nonce = nonce
    self.challengeTime = challengeTime
  }

  /// The code of the last claim is taken until then.
  public var codeExpiresAt: UnixTime? { challengeTime.map { $0 + Self.codeLifetimeSeconds } }

  /// Whether nothing can come of it any more at `now`.
  public func hasExpired(at now: UnixTime) -> Bool {
    now >= expiresAt && now >= (codeExpiresAt ?? expiresAt)
  }
}
