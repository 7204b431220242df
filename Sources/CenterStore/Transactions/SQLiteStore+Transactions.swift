import Center
import Cryptography
import GRDB
import SmartOTP

extension SQLiteStore: TransactionStore {
  public func transaction(
    _ id: TransactionID, at now: UnixTime
  ) async throws(Refusal) -> Transaction {
    try await read { database in
      guard let row = try database.transaction(id) else { throw Refusal(.transactionUnknown) }
      return row.transaction(at: now)
    }
  }

  public func transactions(
    of institution: InstitutionCode, _ page: PageRequest, at now: UnixTime
  ) async throws(Refusal) -> Page<Transaction> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT \(TransactionRow.columns) FROM \(TransactionRow.tables)
        WHERE transactions.institution = ? AND transactions.number < ?
        ORDER BY transactions.number DESC LIMIT ?
        """,
        .text(institution.text), .integer(try page.start(default: .max)), page.rowLimit
      ) { columns in
        let row = try TransactionRow(columns: columns)
        return Numbered(number: row.number, item: row.transaction(at: now))
      }
      return Page(rows, page)
    }
  }

  public func openTransactions(
    for card: CardIdentity, on device: DeviceID, at now: UnixTime
  ) async throws(Refusal) -> [Transaction] {
    try await read { database in
      guard let row = try database.card(card) else { throw Refusal(.cardUnknown) }
      let device = try database.activeDevice(device)
      guard try database.isOnDevice(row.number, device) else { throw Refusal(.cardNotOnDevice) }
      let open = try database.all(
        """
        SELECT \(TransactionRow.columns) FROM \(TransactionRow.tables)
        WHERE transactions.card = ? AND transactions.state IN ('pending', 'claimed')
        ORDER BY transactions.number LIMIT 100
        """, .integer(row.number), read: TransactionRow.init(columns:))
      return open.map { $0.transaction(at: now) }.filter { !$0.state.isFinal }
    }
  }

  public func claim(
    _ id: TransactionID, card: CardIdentity, by device: DeviceID, as caller: Caller
  ) async throws(Refusal) -> Transaction {
    try await write { work in
      if case .device(let acting) = caller.actor, acting != device { throw Refusal(.notYours) }
      var row = try work.requireTransaction(id)
      let deviceNumber = try work.requireDevice(device, having: row.cardNumber)
      guard row.transaction.card == card else {
        throw Refusal(.notYours, "the transaction is for another card")
      }
      if let refusal = row.standing.claimRefusal(at: caller.now) { throw refusal }
      let time = row.standing.nextChallengeTime(at: caller.now)
      row.transaction.challengeTime = time
      row.transaction.state = .claimed
      let challenge = try row.transaction.challenge()
      try work.database.run(
        """
        UPDATE transactions SET state = 'claimed', challenge_time = ?, challenge = ?
        WHERE number = ?
        """, .integer(time.seconds), .blob(challenge.bytes), .integer(row.number))
      try work.record("transaction.claimed", row.auditSubject, "device:\(device)", as: caller)
      try work.push(
        .transactionClosed, card: row.cardNumber, transaction: id, except: deviceNumber,
        at: caller.now)
      return row.transaction
    }
  }

  public func cancel(
    _ id: TransactionID, as caller: Caller
  ) async throws(Refusal) -> Transaction {
    try await write { work in
      var row = try work.requireTransaction(id)
      var actingDevice: Int64?
      if case .device(let device) = caller.actor {
        actingDevice = try work.requireDevice(device, having: row.cardNumber)
      } else {
        try work.require(caller, toBe: row.transaction.institution)
      }
      if let refusal = row.standing.cancellationRefusal(at: caller.now) { throw refusal }
      if row.transaction.state == .cancelled { return row.transaction }
      row.transaction.state = .cancelled
      try work.database.run(
        "UPDATE transactions SET state = 'cancelled' WHERE number = ?", .integer(row.number))
      try work.record("transaction.cancelled", row.auditSubject, as: caller)
      try work.push(
        .transactionClosed, card: row.cardNumber, transaction: id, except: actingDevice,
        at: caller.now)
      return row.transaction
    }
  }
}
