import SmartOTP

/// Devices, the cards on them, and what is pushed to them (S4-S6, S8).
public protocol DeviceStore: Sendable {
  /// A code for a device, or for a card on a device. Institutions give codes for their own cards
  /// and for those registered with them.
  func issueRegistrationCode(
    _ request: RegistrationCodeRequest, as caller: Caller
  ) async throws(Refusal) -> IssuedRegistrationCode

  /// Uses up a code of purpose `device` and records the device with its certificate, all in one
  /// step. An active device of the same fingerprint becomes `replaced`: its certificate is revoked
  /// and its cards are gone from it (S5).
  func register(
    _ device: NewDevice, code: RegistrationCode, as caller: Caller
  ) async throws(Refusal) -> Device
  /// Records the renewed certificate; the old one stays good until it ends.
  func renew(
    _ id: DeviceID, certificate: CertificateRecord, as caller: Caller
  ) async throws(Refusal) -> Device
  func device(_ id: DeviceID) async throws(Refusal) -> Device
  /// All, or those whose code the institution gave.
  func devices(
    of institution: InstitutionCode?, _ page: PageRequest
  ) async throws(Refusal) -> Page<Device>
  /// Lost device: certificates revoked, cards gone from it.
  func revoke(
    _ id: DeviceID, reason: String, as caller: Caller
  ) async throws(Refusal) -> Device

  /// Uses up a code of purpose `card` for this card; refuses a second card of one issuer on the
  /// device, naming the one in the way (`issuerTaken`). Adding a card that is on it gives its key
  /// again.
  func addCard(
    _ card: CardIdentity, to device: DeviceID, code: RegistrationCode, as caller: Caller
  ) async throws(Refusal) -> (DeviceCard, CardKeys)
  func cards(on device: DeviceID) async throws(Refusal) -> [DeviceCard]
  func removeCard(
    _ card: CardIdentity, from device: DeviceID, as caller: Caller
  ) async throws(Refusal)

  /// Up to `limit` events after `last`, oldest first. Events are kept for a day.
  func events(
    for device: DeviceID, after last: Int64, limit: Int
  ) async throws(Refusal) -> [DeviceEvent]
  /// The newest event's id, 0 before the first: where a device without history begins.
  func lastEventID() async throws(Refusal) -> Int64
  /// Returns when an event after `last` may be there, written by this process or another, or when
  /// `deadline` passes.
  func awaitEvents(after last: Int64, until deadline: ContinuousClock.Instant) async
}

/// A device to be registered.
public struct NewDevice: Sendable {
  public let id: DeviceID
  public let name: String
  /// SHA-256, 32 bytes; kept as a keyed hash.
  public let fingerprint: [UInt8]
  public let certificate: CertificateRecord

  public init(id: DeviceID, name: String, fingerprint: [UInt8], certificate: CertificateRecord) {
    self.id = id
    self.name = name
    self.fingerprint = fingerprint
    self.certificate = certificate
  }
}
