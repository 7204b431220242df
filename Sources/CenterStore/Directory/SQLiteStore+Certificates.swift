import Center
import GRDB
import SmartOTP

extension SQLiteStore: DirectoryStore {
  public func record(
    _ certificate: CertificateRecord, as caller: Caller
  ) async throws(Refusal) {
    try await write { work in
      try work.insert(certificate)
      try work.record(
        "certificate.issued", certificate.auditSubject,
        "\(certificate.role.rawValue) \(certificate.subject)", as: caller)
    }
  }

  public func revokeCertificate(
    serial: [UInt8], as caller: Caller
  ) async throws(Refusal) {
    try await write { work in
      guard let certificate = try work.database.certificate(serial) else {
        throw Refusal(.notFound, "no certificate of this centre has that serial number")
      }
      guard certificate.revokedAt == nil else { return }
      try work.database.run(
        "UPDATE certificates SET revoked_at = ? WHERE serial = ?",
        .integer(caller.now.seconds), .blob(serial))
      try work.record(
        "certificate.revoked", certificate.auditSubject,
        "\(certificate.role.rawValue) \(certificate.subject)", as: caller)
    }
  }

  public func certificate(serial: [UInt8]) async throws(Refusal) -> CertificateRecord? {
    try await read { try $0.certificate(serial) }
  }

  public func revokedCertificates(
    at now: UnixTime
  ) async throws(Refusal) -> [CertificateRecord] {
    try await read { database in
      try database.all(
        """
        SELECT \(CertificateRecord.columns) FROM certificates
        WHERE revoked_at IS NOT NULL AND expires_at > ? ORDER BY serial
        """, .integer(now.seconds), read: CertificateRecord.init(columns:))
    }
  }
}

extension UnitOfWork {
  func insert(_ certificate: CertificateRecord) throws {
    guard (1...64).contains(certificate.serial.count) else {
      throw Refusal(.invalidValue, "serial: 1 to 64 bytes")
    }
    guard try database.certificate(certificate.serial) == nil else {
      throw Refusal(.invalidValue, "serial: a certificate has that serial number already")
    }
    try database.run(
      """
      INSERT INTO certificates (serial, subject, role, expires_at, revoked_at)
      VALUES (?, ?, ?, ?, ?)
      """,
      .blob(certificate.serial), .text(certificate.subject), .text(certificate.role.rawValue),
      .integer(certificate.expiresAt.seconds), .integer(certificate.revokedAt?.seconds))
  }

  /// Every certificate of the device that is not revoked yet.
  func revokeCertificates(of device: DeviceID, at now: UnixTime) throws {
    try database.run(
      """
      UPDATE certificates SET revoked_at = ?
      WHERE role = 'device' AND subject = ? AND revoked_at IS NULL
      """, .integer(now.seconds), .text(device.text))
  }
}

extension Database {
  func certificate(_ serial: [UInt8]) throws -> CertificateRecord? {
    try first(
      "SELECT \(CertificateRecord.columns) FROM certificates WHERE serial = ?", .blob(serial),
      read: CertificateRecord.init(columns:))
  }
}

extension CertificateRecord {
  static let columns = "serial, subject, role, expires_at, revoked_at"

  init(columns row: Columns) throws {
    self.init(
      serial: row.blob(0), subject: row.text(1), role: try row.word(2), expiresAt: row.time(3),
      revokedAt: row.optional(4, row.time))
  }

  var auditSubject: String { "certificate:\(serial.hexadecimal)" }
}
