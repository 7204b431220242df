import SmartOTP

/// What an operator asks of the centre. An institution may ask for its own devices as well.
extension CenterClient {
  /// The record of every change, oldest first.
  public func audit(_ request: PageRequest) async throws(CenterServiceError) -> Page<AuditRecord> {
    try await page(at: "/v1/audit", request)
  }

  public func devices() async throws(CenterServiceError) -> [Device] {
    try await all(at: "/v1/devices")
  }

  public func device(_ id: DeviceID) async throws(CenterServiceError) -> Device {
    try await value(of: .get("/v1/devices/\(id)"))
  }

  public func revoke(
    _ device: DeviceID, reason: String
  ) async throws(CenterServiceError) -> Device {
    try await value(
      of: .post("/v1/devices/\(device)/revocation"), sending: CardWithdrawal(reason: reason))
  }

  public func add(
    _ institution: Institution
  ) async throws(CenterServiceError) -> Institution {
    try await value(of: .post("/v1/institutions", repetition: .keyed), sending: institution)
  }

  public func update(
    _ institution: Institution
  ) async throws(CenterServiceError) -> Institution {
    try await value(of: .put("/v1/institutions/\(institution.code)"), sending: institution)
  }
}
