/// POST /v1/registrations: a customer stands at another institution's counter with card and identity
/// document (S2).
public struct InPersonRegistrationRequest: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let identityDocument: IdentityDocument

  public init(card: CardIdentity, identityDocument: IdentityDocument) {
    self.card = card
    self.identityDocument = identityDocument
  }
}

/// The card has yet to prove its key; the counter's reader gets the means for this one time.
public struct InPersonRegistration: Hashable, Sendable, Codable {
  public let registration: Registration
  /// 8 bytes in hex for CALCULATE.
  public let challenge: String
  /// `K_acc` in a `KeyEnvelope` for the client certificate's key, in base64.
  public let accessKey: String

  public init(registration: Registration, challenge: String, accessKey: String) {
    self.registration = registration
    self.challenge = challenge
    self.accessKey = accessKey
  }
}

/// POST /v1/registrations/online (S3).
public struct SignedRegistrationRequest: Hashable, Sendable, Codable {
  /// CMS SignedData with its content, DER in base64.
  public let signedRequest: String

  public init(signedRequest: String) { self.signedRequest = signedRequest }
}
