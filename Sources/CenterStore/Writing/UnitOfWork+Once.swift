import Center
import Cryptography
import Foundation
import GRDB
import SmartOTP

extension UnitOfWork {
  /// Does what creates something, or gives the answer of the first time where the caller's
  /// idempotency key was used for the same request within its lifetime.
  func once<Value: Codable>(for caller: Caller, _ create: () throws -> Value) throws -> Value {
    guard let idempotency = caller.idempotency else { return try create() }
    if let sealed = try earlierResponse(to: idempotency, of: caller) {
      let json = try ring.open(sealed, from: place(idempotency, of: caller))
      return try json.withUnsafeBytes { try JSONDecoder().decode(Value.self, from: Data($0)) }
    }
    let value = try create()
    let json = SecretBytes([UInt8](try JSONEncoder().encode(value)))
    try keep(try ring.seal(json, for: place(idempotency, of: caller)), for: idempotency, of: caller)
    return value
  }

  private func earlierResponse(
    to idempotency: Idempotency, of caller: Caller
  ) throws -> [UInt8]? {
    let actor = SQLValue.text(caller.actor.description)
    let oldest = SQLValue.integer((caller.now + -Idempotency.lifetimeSeconds).seconds)
    let earlier = try database.first(
      """
      SELECT request_digest, sealed_response, created_at > ?3 FROM idempotency
      WHERE actor = ?1 AND key = ?2
      """, actor, .text(idempotency.key), oldest
    ) { (digest: $0.blob(0), sealed: $0.blob(1), isCurrent: $0.flag(2)) }
    guard let earlier else { return nil }
    guard earlier.isCurrent else {
      try database.run(
        "DELETE FROM idempotency WHERE actor = ? AND key = ?", actor, .text(idempotency.key))
      return nil
    }
    guard earlier.digest == idempotency.requestDigest else { throw Refusal(.idempotencyConflict) }
    return earlier.sealed
  }

  private func keep(
    _ sealed: [UInt8], for idempotency: Idempotency, of caller: Caller
  ) throws {
    try database.run(
      """
      INSERT INTO idempotency (actor, key, request_digest, sealed_response, created_at)
      VALUES (?, ?, ?, ?, ?)
      """,
      .text(caller.actor.description), .text(idempotency.key), .blob(idempotency.requestDigest),
      .blob(sealed), .integer(caller.now.seconds))
  }

  private func place(_ idempotency: Idempotency, of caller: Caller) -> String {
    IdempotencyPlace.place(actor: caller.actor.description, key: idempotency.key)
  }
}

enum IdempotencyPlace {
  static func place(actor: String, key: String) -> String {
    "idempotency.sealed_response:\(actor):\(key)"
  }
}
