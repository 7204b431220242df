/// What the centre pushes to a device. Delivered at least once, in order.
public struct DeviceEvent: Hashable, Sendable, Codable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    /// A transaction waits for one of the device's cards.
    case transactionPending = "transaction-pending"
    /// It was verified, rejected or cancelled, ran out, or was claimed elsewhere: its code goes.
    case transactionClosed = "transaction-closed"
    /// The card is lost or retired, or no longer on this device: forget its access key.
    case cardWithdrawn = "card-withdrawn"
  }

  /// Rises by at least one with each event; `Last-Event-ID` resumes after it.
  public let id: Int64
  public let kind: Kind
  public let card: CardIdentity
  public let transaction: TransactionID?
  public let time: UnixTime

  public init(
    id: Int64, kind: Kind, card: CardIdentity, transaction: TransactionID?, time: UnixTime
  ) {
    self.id = id
    self.kind = kind
    self.card = card
    self.transaction = transaction
    self.time = time
  }
}
