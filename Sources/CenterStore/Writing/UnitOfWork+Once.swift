import Center
import Cryptography
import Foundation
import GRDB
import SmartOTP

extension UnitOfWork {
  /// Does what creates something, or gives the answer of the first time where the caller's
  /// idempotency key was used for the same request within its lifetime.
  func once<Value: Codable>(for caller: Caller, _ create: () throws -> Value) throws -> Value {
    if let earlier: Value = try earlierAnswer(to: caller) { return earlier }
    let value = try create()
    try keep(try KeptAnswer(value, for: caller, under: ring))
    return value
  }

  /// What the same request was answered before.
  func earlierAnswer<Value: Decodable>(to caller: Caller) throws -> Value? {
    guard let idempotency = caller.idempotency else { return nil }
    let actor = caller.actor.description
    guard let sealed = try earlierAnswer(to: idempotency, of: actor, at: caller.now) else {
      return nil
    }
    let json = try ring.open(sealed, from: KeptAnswer.place(actor: actor, key: idempotency.key))
    return try json.withUnsafeBytes { try JSONDecoder().decode(Value.self, from: Data($0)) }
  }

  private func earlierAnswer(
    to idempotency: Idempotency, of actor: String, at now: UnixTime
  ) throws -> [UInt8]? {
    let oldest = SQLValue.integer((now + -Idempotency.lifetimeSeconds).seconds)
    let earlier = try database.first(
      """
      SELECT request_digest, sealed_response, created_at > ?3 FROM idempotency
      WHERE actor = ?1 AND key = ?2
      """, .text(actor), .text(idempotency.key), oldest
    ) { (digest: $0.blob(0), sealed: $0.blob(1), isCurrent: $0.flag(2)) }
    guard let earlier else { return nil }
    guard earlier.isCurrent else {
      try database.run(
        "DELETE FROM idempotency WHERE actor = ? AND key = ?", .text(actor),
        .text(idempotency.key))
      return nil
    }
    guard earlier.digest == idempotency.requestDigest else { throw Refusal(.idempotencyConflict) }
    return earlier.sealed
  }

  func keep(_ answer: KeptAnswer?) throws {
    guard let answer else { return }
    try database.run(
      """
      INSERT INTO idempotency (actor, key, request_digest, sealed_response, created_at)
      VALUES (?, ?, ?, ?, ?)
      """,
      .text(answer.actor), .text(answer.idempotency.key),
      .blob(answer.idempotency.requestDigest), .blob(answer.sealed),
      .integer(answer.createdAt.seconds))
  }
}

/// An answer as it is kept for a repeated request. It may have secrets in it, so it is sealed.
struct KeptAnswer: Sendable {
  let actor: String
  let idempotency: Idempotency
  let sealed: [UInt8]
  let createdAt: UnixTime

  /// Nil for a caller without an idempotency key.
  init?(_ value: some Encodable, for caller: Caller, under ring: KeyRing) throws {
    guard let idempotency = caller.idempotency else { return nil }
    actor = caller.actor.description
    self.idempotency = idempotency
    createdAt = caller.now
    let json = SecretBytes([UInt8](try JSONEncoder().encode(value)))
    sealed = try ring.seal(json, for: Self.place(actor: actor, key: idempotency.key))
  }

  static func place(actor: String, key: String) -> String {
    "idempotency.sealed_response:\(actor):\(key)"
  }
}
