import Center
import GRDB
import SmartOTP

extension SQLiteStore: DeviceStore {
  public func register(
    _ device: NewDevice, code: RegistrationCode, as caller: Caller
  ) async throws(Refusal) -> Device {
    try await create(as: caller) { work in
      guard isPlainText(device.name, 1...128) else {
        throw Refusal(.invalidValue, "name: 1 to 128 bytes without controls")
      }
      guard device.fingerprint.count == 32 else {
        throw Refusal(.invalidValue, "fingerprint: 32 bytes")
      }
      let institution = try work.useDeviceCode(code, at: caller.now)
      _ = try work.activeInstitution(institution)
      let fingerprint = try work.secrets.lookupHash("fingerprint", device.fingerprint)
      try work.replaceDevice(of: fingerprint, as: caller)
      try work.insert(device, fingerprint: fingerprint, institution: institution, at: caller.now)
      try work.insert(device.certificate)
      try work.record(
        "device.registered", "device:\(device.id)", "institution \(institution)", as: caller)
      return try work.requireDevice(device.id).device
    }
  }

  public func renew(
    _ id: DeviceID, certificate: CertificateRecord, as caller: Caller
  ) async throws(Refusal) -> Device {
    try await write { work in
      let number = try work.database.activeDevice(id)
      guard certificate.role == .device, certificate.subject == id.text else {
        throw Refusal(.invalidValue, "certificate: not of this device")
      }
      try work.insert(certificate)
      try work.database.run(
        "UPDATE devices SET certificate_expires_at = ? WHERE number = ?",
        .integer(certificate.expiresAt.seconds), .integer(number))
      try work.record("device.renewed", "device:\(id)", as: caller)
      return try work.requireDevice(id).device
    }
  }

  public func device(_ id: DeviceID) async throws(Refusal) -> Device {
    try await read { database in
      guard let row = try database.device(id) else { throw Refusal(.deviceUnknown) }
      return row.device
    }
  }

  public func devices(
    of institution: InstitutionCode?, _ page: PageRequest
  ) async throws(Refusal) -> Page<Device> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT \(DeviceRow.columns) FROM devices
        WHERE \(institution == nil ? "?1 IS NULL" : "institution = ?1") AND number > ?2
        ORDER BY number LIMIT ?3
        """,
        .text(institution?.text), .integer(try page.start(default: 0)), page.rowLimit
      ) { columns in
        let row = try DeviceRow(columns: columns)
        return Numbered(number: row.number, item: row.device)
      }
      return Page(rows, page)
    }
  }

  public func revoke(
    _ id: DeviceID, reason: String, as caller: Caller
  ) async throws(Refusal) -> Device {
    try await write { work in
      let row = try work.requireDevice(id)
      try work.require(caller, toBe: row.device.institution)
      guard isPlainText(reason, 0...256) else {
        throw Refusal(.invalidValue, "reason: up to 256 bytes without controls")
      }
      guard row.device.state == .active else { return row.device }
      try work.end(row, as: .revoked, at: caller.now)
      try work.record("device.revoked", row.auditSubject, reason, as: caller)
      return try work.requireDevice(id).device
    }
  }
}

extension UnitOfWork {
  /// The same hardware, registered again: what was there before is gone.
  fileprivate func replaceDevice(of fingerprint: [UInt8], as caller: Caller) throws {
    let old = try database.first(
      "SELECT \(DeviceRow.columns) FROM devices WHERE fingerprint_hash = ? AND state = 'active'",
      .blob(fingerprint), read: DeviceRow.init(columns:))
    guard let old else { return }
    try end(old, as: .replaced, at: caller.now)
    try record("device.replaced", old.auditSubject, as: caller)
  }

  fileprivate func end(_ device: DeviceRow, as state: Device.State, at now: UnixTime) throws {
    let cards = try database.all(
      "SELECT card FROM device_cards WHERE device = ?", .integer(device.number)
    ) { $0.integer(0) }
    for card in cards {
      try push(.cardWithdrawn, card: card, transaction: nil, to: device.number, at: now)
    }
    try database.run("DELETE FROM device_cards WHERE device = ?", .integer(device.number))
    try database.run(
      "UPDATE devices SET state = ? WHERE number = ?", .text(state.rawValue),
      .integer(device.number))
    try revokeCertificates(of: device.device.id, at: now)
  }

  fileprivate func insert(
    _ device: NewDevice, fingerprint: [UInt8], institution: InstitutionCode, at now: UnixTime
  ) throws {
    guard device.certificate.role == .device, device.certificate.subject == device.id.text else {
      throw Refusal(.invalidValue, "certificate: not of this device")
    }
    try database.run(
      """
      INSERT INTO devices (id, name, state, institution, fingerprint_hash, registered_at,
        certificate_expires_at)
      VALUES (?, ?, 'active', ?, ?, ?, ?)
      """,
      .text(device.id.text), .text(device.name), .text(institution.text), .blob(fingerprint),
      .integer(now.seconds), .integer(device.certificate.expiresAt.seconds))
  }
}
