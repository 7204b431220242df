/// POST /v1/applications/{id}/card: asks for the card to personalise, or for the same one again
/// after an interruption.
public struct CardReservationRequest: Hashable, Sendable, Codable {
  /// The card's own serial number, when it has one printed; nil lets the centre draw one.
  public var serial: Serial?

  public init(serial: Serial? = nil) { self.serial = serial }
}

/// What the issuing device needs to personalise a card.
public struct CardReservation: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let credentialName: String
  public let state: CardState
  /// `K_otp` (32 bytes) and `K_acc` (16 bytes), one after the other, in a `KeyEnvelope` for the key
  /// of the client certificate, in base64. Associated data: `KeyDelivery.associatedData`.
  public let keys: String

  public init(card: CardIdentity, state: CardState, keys: String) {
    self.card = card
    self.credentialName = card.credentialName
    self.state = state
    self.keys = keys
  }
}

/// POST /v1/cards/{vendor}/{serial}/keys-begun: the keys are about to go on this card.
public struct KeysBegun: Hashable, Sendable, Codable {
  /// What the card's OATH application calls itself, 1 to 64 bytes in hex. It draws another when it
  /// is reset.
  public let applicationID: String

  public init(applicationID: String) { self.applicationID = applicationID }

  public static let byteCounts = 1...64
}

/// What a key envelope is bound to (protocol.md, section 2).
public enum KeyDelivery {
  /// - Parameter holder: the device id, or the institution code, that the client certificate names.
  public static func associatedData(holder: String, card: CardIdentity) -> [UInt8] {
    Array(holder.utf8) + Array(card.description.utf8)
  }

  public static let transactionKeyByteCount = 32
  public static let accessKeyByteCount = 16
}

/// The answer to "the keys are on the card", and to the first step of a registration in person: what
/// the card must authenticate with its key.
public struct ProofChallenge: Hashable, Sendable, Codable {
  /// 8 bytes in hex, none of them zero: the challenge of a CALCULATE.
  public let challenge: String

  public init(challenge: String) { self.challenge = challenge }
}

/// What the card calculated: the whole HMAC-SHA-256 over the challenge, 32 bytes in hex.
public struct ProofSubmission: Hashable, Sendable, Codable {
  public let response: String

  public init(response: String) { self.response = response }
}

/// POST /v1/cards/{vendor}/{serial}/unlock and other steps that the cardholder takes in person.
public struct InPersonRequest: Hashable, Sendable, Codable {
  public let identityDocument: IdentityDocument

  public init(identityDocument: IdentityDocument) { self.identityDocument = identityDocument }
}

/// Why a card is taken out of use, for the audit.
public struct CardWithdrawal: Hashable, Sendable, Codable {
  public let reason: String

  public init(reason: String) { self.reason = reason }
}
