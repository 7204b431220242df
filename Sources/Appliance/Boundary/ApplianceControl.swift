import SmartOTP

/// What the branch's software and a technician may ask of the appliance.
public protocol ApplianceControl: Sendable {
  func status() async -> ApplianceStatus
  /// The picture as a branch's own screen shows it; with the code only while it is shown.
  func picture() async -> Picture
  /// Posts a transaction for a card, as the bank whose certificate this branch holds.
  ///
  /// - Parameter idempotencyKey: the centre's, under which the same transaction is posted once; nil for
  ///   a fresh one.
  func submit(
    _ transaction: LocalTransaction, idempotencyKey: String?
  ) async throws(BranchRefusal) -> Transaction
  /// The customer's no. Does nothing where there is nothing to cancel.
  func cancel() async
  /// What happens from now on. For a slow consumer the oldest are dropped.
  func events() -> AsyncStream<ApplianceEvent>
  /// Gives the reader to another program while no transaction is at hand; what is pushed meanwhile
  /// waits.
  func lendReader() async throws(BranchRefusal) -> ReaderLoan
  func readers() async -> [AttachedReaderStatus]
  /// The report of `smartotp doctor --json`, a JSON object.
  func doctor() async throws(BranchRefusal) -> String
}

/// A transaction as the teller's software enters it.
public struct LocalTransaction: Hashable, Sendable, Codable {
  public let card: CardIdentity
  public let kind: TransactionKind
  public let fields: [TransactionField]
  /// The branch's own number for it, not shown to the customer.
  public let reference: String?

  public init(
    card: CardIdentity, kind: TransactionKind, fields: [TransactionField], reference: String? = nil
  ) {
    self.card = card
    self.kind = kind
    self.fields = fields
    self.reference = reference
  }
}

/// Why the appliance does not do what the branch's software asks.
public enum BranchRefusal: Error, Hashable, Sendable {
  /// No institution's certificate is configured: transactions are posted at the centre only.
  case noInstitution
  case restricted([Impediment])
  case center(CenterServiceError)
  /// It is doing that already, or cannot do it here.
  case unavailable(String)
}
