import SmartOTP

/// What was changed by whom, in a chain of hashes.
public protocol AuditStore: Sendable {
  /// Oldest first.
  func audit(_ page: PageRequest) async throws(Refusal) -> Page<AuditRecord>
  /// Something that changed no state but must be on record: a refused request.
  func note(action: String, subject: String, detail: String, as caller: Caller)
    async throws(Refusal)
}

/// What the centre needs of a database. Every call that changes something is one transaction there,
/// with its audit record in it; several processes may share the database.
public protocol Store: DirectoryStore, IssueStore, RegistrationStore, DeviceStore, TransactionStore,
  TokenStore, AuditStore
{
  /// Whether the database answers: for readiness.
  func check() async throws(Refusal)
  /// Marks what has run out as expired, deletes old events and idempotency records. Called now and
  /// then; no rule depends on it.
  func sweep(at now: UnixTime) async throws(Refusal)
}
