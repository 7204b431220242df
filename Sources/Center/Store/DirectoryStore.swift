import SmartOTP

/// Institutions, and who may speak for whom.
public protocol DirectoryStore: Sendable {
  /// In order of their codes.
  func institutions(_ page: PageRequest) async throws(Refusal) -> Page<Institution>
  func institution(_ code: InstitutionCode) async throws(Refusal) -> Institution

  /// - Throws: `institutionExists` for a code or vendor code in use.
  func add(_ institution: Institution, as caller: Caller) async throws(Refusal) -> Institution
  /// Changes name, vendor code and suspension. A vendor code with cards cannot be taken away.
  func update(_ institution: Institution, as caller: Caller) async throws(Refusal) -> Institution

  /// Records a certificate that the centre's authority made.
  func record(_ certificate: CertificateRecord, as caller: Caller) async throws(Refusal)
  func revokeCertificate(serial: [UInt8], as caller: Caller) async throws(Refusal)
  /// For every request: whether the certificate is one of ours and not revoked; nil for one that
  /// was never recorded.
  func certificate(serial: [UInt8]) async throws(Refusal) -> CertificateRecord?
  /// All revoked ones that have not run out, for the revocation list.
  func revokedCertificates(at now: UnixTime) async throws(Refusal) -> [CertificateRecord]
}

/// A client or server certificate of the centre's own authority.
public struct CertificateRecord: Hashable, Sendable {
  public let serial: [UInt8]
  /// Institution code, device id or operator's name.
  public let subject: String
  public let role: Role
  public let expiresAt: UnixTime
  public var revokedAt: UnixTime?

  public init(
    serial: [UInt8], subject: String, role: Role, expiresAt: UnixTime, revokedAt: UnixTime? = nil
  ) {
    self.serial = serial
    self.subject = subject
    self.role = role
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
  }
}
