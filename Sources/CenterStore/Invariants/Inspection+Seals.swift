import GRDB
import SmartOTP

extension Inspection {
  /// Whatever is sealed opens, at its own place, and has the size it should have.
  func sealViolations() throws -> [InvariantViolation] {
    try cardKeyViolations() + tokenKeyViolations() + idempotencyViolations()
  }

  private func cardKeyViolations() throws -> [InvariantViolation] {
    var violations: [InvariantViolation] = []
    try database.each(
      """
      SELECT vendor_code, serial, transaction_key, access_key FROM cards
      WHERE transaction_key IS NOT NULL
      """
    ) { row in
      let card = try row.card(0)
      check(row.blob(2), CardKeyPlace.transaction(card), [KeyDelivery.transactionKeyByteCount])
        .map { violations.append($0) }
      check(row.blob(3), CardKeyPlace.access(card), [KeyDelivery.accessKeyByteCount])
        .map { violations.append($0) }
    }
    return violations
  }

  private func tokenKeyViolations() throws -> [InvariantViolation] {
    try database.all("SELECT id, key FROM tokens") { row in
      check(row.blob(1), TokenKeyPlace.key(try row.checked(0)), 10...128)
    }.compactMap(\.self)
  }

  private func idempotencyViolations() throws -> [InvariantViolation] {
    try database.all("SELECT actor, key, sealed_response FROM idempotency") { row in
      let place = KeptAnswer.place(actor: row.text(0), key: row.text(1))
      return check(row.blob(2), place, 1...1_000_000)
    }.compactMap(\.self)
  }

  private func check(
    _ blob: [UInt8], _ place: String, _ byteCounts: some Collection<Int>
  ) -> InvariantViolation? {
    do {
      let secret = try ring.open(blob, from: place)
      if byteCounts.contains(secret.count) { return nil }
      return InvariantViolation(rule: "sealed values have their size", place: place)
    } catch {
      return InvariantViolation(rule: "sealed values open", place: "\(error)")
    }
  }
}
