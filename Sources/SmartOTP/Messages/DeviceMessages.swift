/// POST /v1/registration-codes.
public struct RegistrationCodeRequest: Hashable, Sendable, Codable {
  public enum Purpose: String, CaseIterable, Sendable, Codable {
    case device
    case card
  }

  public let purpose: Purpose
  /// With purpose `card`: which.
  public let card: CardIdentity?
  /// Whose code it is, where an operator asks; an institution asks for itself. A card's code is its
  /// issuer's where this is absent.
  public let institution: InstitutionCode?

  public init(
    purpose: Purpose, card: CardIdentity? = nil, institution: InstitutionCode? = nil
  ) {
    self.purpose = purpose
    self.card = card
    self.institution = institution
  }
}

/// The one time that a registration code is shown.
public struct IssuedRegistrationCode: Sendable, Codable {
  public let code: RegistrationCode
  public let expiresAt: UnixTime

  public init(code: RegistrationCode, expiresAt: UnixTime) {
    self.code = code
    self.expiresAt = expiresAt
  }
}

/// POST /v1/devices, without a client certificate: the device has none yet.
public struct DeviceRegistrationRequest: Sendable, Codable {
  public let code: RegistrationCode
  /// PKCS#10, PEM.
  public let certificateRequest: String
  /// SHA-256 in hex (protocol.md, section 2).
  public let fingerprint: String
  public let name: String

  public init(
    code: RegistrationCode, certificateRequest: String, fingerprint: String, name: String
  ) {
    self.code = code
    self.certificateRequest = certificateRequest
    self.fingerprint = fingerprint
    self.name = name
  }
}

/// POST /v1/device/renewal: a new certificate before the old one ends.
public struct CertificateRenewalRequest: Hashable, Sendable, Codable {
  /// PKCS#10, PEM.
  public let certificateRequest: String

  public init(certificateRequest: String) { self.certificateRequest = certificateRequest }
}

public struct IssuedDeviceCertificate: Hashable, Sendable, Codable {
  public let device: Device
  /// PEM, the device's certificate first, then the centre's authority.
  public let certificates: String

  public init(device: Device, certificates: String) {
    self.device = device
    self.certificates = certificates
  }
}

/// POST /v1/device/cards: puts a card on the device that asks (S4, S6).
public struct DeviceCardRequest: Sendable, Codable {
  public let code: RegistrationCode
  public let card: CardIdentity

  public init(code: RegistrationCode, card: CardIdentity) {
    self.code = code
    self.card = card
  }
}

public struct DeviceCard: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let issuer: InstitutionCode
  public let issuerName: String
  /// `K_acc` in a `KeyEnvelope` for the client certificate's key, in base64. In lists it is absent.
  public let accessKey: String?
  /// The cardholder's; nil where the record has none, or one that this program does not speak.
  public let language: Language?

  public init(
    card: CardIdentity, issuer: InstitutionCode, issuerName: String, accessKey: String? = nil,
    language: Language? = nil
  ) {
    self.card = card
    self.issuer = issuer
    self.issuerName = issuerName
    self.accessKey = accessKey
    self.language = language
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    card = try container.decode(CardIdentity.self, forKey: .card)
    issuer = try container.decode(InstitutionCode.self, forKey: .issuer)
    issuerName = try container.decode(String.self, forKey: .issuerName)
    accessKey = try container.decodeIfPresent(String.self, forKey: .accessKey)
    // A centre may know more languages than the device: that is no reason to refuse the card.
    language = try container.decodeIfPresent(String.self, forKey: .language)
      .flatMap(Language.init(rawValue:))
  }
}
