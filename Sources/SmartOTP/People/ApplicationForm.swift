/// Who may be a customer of the service.
public enum CustomerKind: String, CaseIterable, Sendable, Codable {
  case personal
  case soleProprietor = "sole-proprietor"
  case corporate
}

/// What a customer fills in to get a Smart OTP (S1).
public struct ApplicationForm: Hashable, Sendable, Codable {
  public var customerName: String
  public var customerKind: CustomerKind
  public var identityDocument: IdentityDocument
  /// Telephone or e-mail.
  public var contact: String
  /// Whether the customer has, or will use, a device that reads the card.
  public var hasNFCDevice: Bool
  /// The card that this one takes the place of, after a loss.
  public var replaces: CardIdentity?
  /// In which the appliance speaks to the customer; nil leaves it to the appliance.
  public var language: Language?

  public init(
    customerName: String, customerKind: CustomerKind, identityDocument: IdentityDocument,
    contact: String, hasNFCDevice: Bool, replaces: CardIdentity? = nil, language: Language? = nil
  ) {
    self.customerName = customerName
    self.customerKind = customerKind
    self.identityDocument = identityDocument
    self.contact = contact
    self.hasNFCDevice = hasNFCDevice
    self.replaces = replaces
    self.language = language
  }
}

/// Why an application is refused.
public enum Ineligibility: String, CaseIterable, Sendable, Codable {
  case institutionDoesNotIssue = "institution-does-not-issue"
  case corporateCustomer = "corporate-customer"
  case noNFCDevice = "no-nfc-device"

  /// One line for the customer.
  public var explanation: String {
    switch self {
    case .institutionDoesNotIssue: "this institution does not issue Smart OTP"
    case .corporateCustomer:
      "Smart OTP is for personal-banking customers and sole proprietors, not for corporations"
    case .noNFCDevice: "Smart OTP needs a device that reads NFC cards"
    }
  }
}

extension ApplicationForm {
  /// Every reason against the application; none means it is taken.
  public func ineligibility(at institution: Institution) -> [Ineligibility] {
    var reasons: [Ineligibility] = []
    if !institution.issuesSmartOTP { reasons.append(.institutionDoesNotIssue) }
    if customerKind == .corporate { reasons.append(.corporateCustomer) }
    if !hasNFCDevice { reasons.append(.noNFCDevice) }
    return reasons
  }
}
