import SmartOTP

/// What a device asks of the centre.
extension CenterClient: CenterService {
  /// Registers a device; needs no certificate.
  public func register(
    _ request: DeviceRegistrationRequest
  ) async throws(CenterServiceError) -> IssuedDeviceCertificate {
    try await value(of: .post("/v1/devices", repetition: .keyed), sending: request)
  }

  public func device() async throws(CenterServiceError) -> Device {
    try await value(of: .get("/v1/device"))
  }

  public func renew(
    _ request: CertificateRenewalRequest
  ) async throws(CenterServiceError) -> IssuedDeviceCertificate {
    try await value(of: .post("/v1/device/renewal", repetition: .keyed), sending: request)
  }

  public func deviceCards() async throws(CenterServiceError) -> [DeviceCard] {
    try await all(at: "/v1/device/cards")
  }

  public func addCard(_ request: DeviceCardRequest) async throws(CenterServiceError) -> DeviceCard {
    try await value(of: .post("/v1/device/cards", repetition: .keyed), sending: request)
  }

  public func removeCard(_ card: CardIdentity) async throws(CenterServiceError) {
    _ = try await answer(to: .delete("/v1/device/cards/\(card.path)"))
  }

  public func openTransactions(
    for card: CardIdentity
  ) async throws(CenterServiceError) -> [Transaction] {
    try await all(at: "/v1/device/cards/\(card.path)/transactions")
  }

  public func claim(
    _ transaction: TransactionID, with card: CardIdentity
  ) async throws(CenterServiceError) -> Transaction {
    // A claim that was made and not heard of is voided by the next.
    try await value(
      of: .post("/v1/transactions/\(transaction)/claim", repetition: .harmless),
      sending: ["card": card])
  }

  public func cancel(_ transaction: TransactionID) async throws(CenterServiceError) -> Transaction {
    try await value(of: .post("/v1/transactions/\(transaction)/cancellation"))
  }
}

extension CardIdentity {
  /// As it stands in an address: all its characters may.
  var path: String { "\(vendorCode)/\(serial)" }
}
