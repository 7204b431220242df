/// A third-party token whose codes the centre verifies, without its key.
public struct Token: Hashable, Sendable, Codable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    case hotp
    case totp
    case ocra
  }

  public let id: TokenID
  public let institution: InstitutionCode
  public let kind: Kind
  public let manufacturer: String
  public let serial: String
  public let wrongCodes: Int
  public var isLocked: Bool { wrongCodes >= Card.wrongCodeLimit }

  public init(
    id: TokenID, institution: InstitutionCode, kind: Kind, manufacturer: String, serial: String,
    wrongCodes: Int
  ) {
    self.id = id
    self.institution = institution
    self.kind = kind
    self.manufacturer = manufacturer
    self.serial = serial
    self.wrongCodes = wrongCodes
  }
}

/// POST /v1/tokens/{id}/challenges: a question for an OCRA token.
public struct TokenChallenge: Hashable, Sendable, Codable {
  public let question: String
  public let expiresAt: UnixTime

  public init(question: String, expiresAt: UnixTime) {
    self.question = question
    self.expiresAt = expiresAt
  }
}

/// POST /v1/tokens/{id}/verification.
public struct TokenVerification: Hashable, Sendable, Codable {
  public let result: Verification.Result
  public let tokenLocked: Bool

  public init(result: Verification.Result, tokenLocked: Bool) {
    self.result = result
    self.tokenLocked = tokenLocked
  }
}

/// POST /v1/tokens/{id}/resynchronization: two codes in a row find a token whose counter or clock
/// ran away.
public struct ResynchronizationRequest: Sendable, Codable, CustomReflectable {
  public let first: String
  public let second: String

  public init(first: String, second: String) {
    self.first = first
    self.second = second
  }

  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
