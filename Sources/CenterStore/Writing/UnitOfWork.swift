import Center
import Cryptography
import GRDB
import SmartOTP

/// A write transaction as one call sees it: the rows, the keys, and the record it must leave.
///
/// Several calls share a database transaction; each has a savepoint of its own.
final class UnitOfWork {
  let database: Database
  let ring: KeyRing
  let secrets: StoreSecrets
  private(set) var auditHead: AuditHead
  private(set) var lastEvent: Int64?
  private let auditHeadAtBegin: AuditHead

  init(_ database: Database, ring: KeyRing, secrets: StoreSecrets) throws {
    self.database = database
    self.ring = ring
    self.secrets = secrets
    auditHead = try .read(from: database, under: ring)
    auditHeadAtBegin = auditHead
  }

  /// Runs one call; whatever it wrote is gone if it throws.
  func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
    let head = auditHead
    let event = lastEvent
    try database.run("SAVEPOINT call")
    do {
      let value = try body()
      try database.run("RELEASE call")
      return value
    } catch {
      auditHead = head
      lastEvent = event
      // Where the whole transaction is gone already, the savepoint is as well.
      if database.isInsideTransaction {
        try database.run("ROLLBACK TO call")
        try database.run("RELEASE call")
      }
      throw error
    }
  }

  /// Adds a record to the chain.
  func record(_ action: String, _ subject: String, _ detail: String = "", as caller: Caller) throws
  {
    let fields = AuditFields(
      time: caller.now, actor: caller.actor.description, action: action, subject: subject,
      detail: detail)
    let hash = try auditHead.hash(of: fields, key: secrets.audit)
    let number = auditHead.number + 1
    try database.run(
      """
      INSERT INTO audit (number, time, actor, action, subject, detail, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .integer(number), .integer(fields.time.seconds), .text(fields.actor), .text(action),
      .text(subject), .text(detail), .blob(hash))
    auditHead = AuditHead(number: number, hash: hash)
  }

  /// Queues an event for a device.
  func push(
    _ kind: DeviceEvent.Kind, card: Int64, transaction: TransactionID?, to device: Int64,
    at time: UnixTime
  ) throws {
    try database.run(
      "INSERT INTO device_events (device, kind, card, transaction_id, time) VALUES (?, ?, ?, ?, ?)",
      .integer(device), .text(kind.rawValue), .integer(card), .text(transaction?.text),
      .integer(time.seconds))
    lastEvent = database.lastInsertedRowID
  }

  /// Queues an event for every device that has the card, but one.
  func push(
    _ kind: DeviceEvent.Kind, card: Int64, transaction: TransactionID?, except device: Int64? = nil,
    at time: UnixTime
  ) throws {
    let devices = try database.all(
      "SELECT device FROM device_cards WHERE card = ?", .integer(card)
    ) { $0.integer(0) }
    for other in devices where other != device {
      try push(kind, card: card, transaction: transaction, to: other, at: time)
    }
  }

  /// Seals the chain's end; before the commit.
  func finish() throws {
    if auditHead != auditHeadAtBegin { try auditHead.write(to: database, under: ring) }
  }
}
