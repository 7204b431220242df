/// What a device needs of the centre. The HTTP client is one; a centre in the same process another.
///
/// Every call ends by a deadline of the implementation's own.
public protocol CenterService: Sendable {
  /// The device as the centre knows it.
  func device() async throws(CenterServiceError) -> Device
  /// A new certificate for the device, before the old one ends.
  func renew(
    _ request: CertificateRenewalRequest
  ) async throws(CenterServiceError) -> IssuedDeviceCertificate

  /// The cards on the device, without their keys.
  func deviceCards() async throws(CenterServiceError) -> [DeviceCard]
  /// Puts a card on the device; the answer holds its access key, sealed for the device.
  func addCard(_ request: DeviceCardRequest) async throws(CenterServiceError) -> DeviceCard
  func removeCard(_ card: CardIdentity) async throws(CenterServiceError)

  /// What waits for a confirmation with this card, oldest first.
  func openTransactions(for card: CardIdentity) async throws(CenterServiceError) -> [Transaction]
  /// Claims a transaction with a card that was tapped. A later claim gets a later challenge time and
  /// voids the code of the one before.
  func claim(
    _ transaction: TransactionID, with card: CardIdentity
  ) async throws(CenterServiceError) -> Transaction
  func cancel(_ transaction: TransactionID) async throws(CenterServiceError) -> Transaction

  /// What the centre pushes, across lost connections, each event once. It ends when its consumer
  /// stops, or after `CenterUpdate.ended`. For one consumer.
  ///
  /// - Parameter last: the id of the last event seen; nil begins with what is pending now.
  func updates(after last: Int64?) -> AsyncStream<CenterUpdate>
}

/// What happens on the line to the centre.
public enum CenterUpdate: Hashable, Sendable {
  /// The centre answers: events follow as they come.
  case connected
  case event(DeviceEvent)
  /// The line is lost; it is tried again with growing pauses.
  case disconnected(CenterServiceError)
  /// The centre does not let this device listen: trying again would not help.
  case ended(CenterServiceError)
}
