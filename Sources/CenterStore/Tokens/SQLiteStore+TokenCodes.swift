import Center
import Cryptography
import GRDB
import OneTimePassword
import SmartOTP

extension SQLiteStore {
  /// How long a question may be answered.
  static let questionLifetimeSeconds: Int64 = 180

  public func challenge(
    _ id: TokenID, as caller: Caller
  ) async throws(Refusal) -> TokenChallenge {
    try await create(as: caller) { work in
      let row = try work.requireToken(id, as: caller)
      guard case .ocra(let suite, _, _, _) = row.method else {
        throw Refusal(.invalidValue, "only an OCRA token answers questions")
      }
      guard !row.token.isLocked else { throw Refusal(.tokenLocked) }
      let challenge = TokenChallenge(
        question: try suite.question.draw(), expiresAt: caller.now + Self.questionLifetimeSeconds)
      try work.database.run(
        "UPDATE tokens SET question = ?, question_expires_at = ? WHERE number = ?",
        .text(challenge.question), .integer(challenge.expiresAt.seconds), .integer(row.number))
      try work.record("token.challenged", row.auditSubject, as: caller)
      return challenge
    }
  }

  public func verify(
    _ id: TokenID, code: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> TokenVerification {
    try await check(id, as: caller, accepted: "token.verified") { row, hmac in
      try row.match(code, at: caller.now, hmac: hmac)
    }
  }

  public func resynchronize(
    _ id: TokenID, first: OneTimeCode, second: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> TokenVerification {
    try await check(id, as: caller, accepted: "token.resynchronized") { row, hmac in
      try row.match(first, then: second, at: caller.now, hmac: hmac)
    }
  }

  private func check(
    _ id: TokenID, as caller: Caller, accepted: String,
    match: @escaping @Sendable (TokenRow, HMACFunction<any Error>) throws -> TokenMatch?
  ) async throws(Refusal) -> TokenVerification {
    try await write { work in
      let row = try work.requireToken(id, as: caller)
      guard !row.token.isLocked else { throw Refusal(.tokenLocked) }
      guard let match = try match(row, try work.hmacFunction(of: row)) else {
        return try work.countWrongCode(of: row, as: caller)
      }
      try work.write(match, to: row)
      try work.record(accepted, row.auditSubject, as: caller)
      return TokenVerification(result: .accepted, tokenLocked: false)
    }
  }
}

extension UnitOfWork {
  fileprivate func countWrongCode(of row: TokenRow, as caller: Caller) throws -> TokenVerification {
    let wrongCodes = row.token.wrongCodes + 1
    let isLocked = wrongCodes >= Card.wrongCodeLimit
    // An answer, right or wrong, uses an OCRA question up.
    try database.run(
      """
      UPDATE tokens SET wrong_codes = ?, question = NULL, question_expires_at = NULL
      WHERE number = ?
      """, .int(wrongCodes), .integer(row.number))
    try record("token.code-wrong", row.auditSubject, as: caller)
    if isLocked { try record("token.locked", row.auditSubject, as: caller) }
    return TokenVerification(result: .wrong, tokenLocked: isLocked)
  }

  fileprivate func write(_ match: TokenMatch, to row: TokenRow) throws {
    switch match {
    case .counter(let next):
      try database.run(
        "UPDATE tokens SET wrong_codes = 0, next_counter = ? WHERE number = ?",
        .integer(Int64(clamping: next)), .integer(row.number))
    case .step(let step, let drift):
      try database.run(
        "UPDATE tokens SET wrong_codes = 0, last_step = ?, drift = ? WHERE number = ?",
        .integer(Int64(clamping: step)), .integer(drift), .integer(row.number))
    case .answer(let next):
      try database.run(
        """
        UPDATE tokens SET wrong_codes = 0, next_counter = ?, question = NULL,
          question_expires_at = NULL
        WHERE number = ?
        """, .integer(Int64(clamping: next)), .integer(row.number))
    }
  }
}

extension OCRASuite.QuestionFormat {
  /// A random question of as many characters as the suite allows.
  fileprivate func draw() throws -> String {
    let characters: [UInt8] =
      switch alphabet {
      case .numeric: Array("0123456789".utf8)
      case .hexadecimal: Array("0123456789ABCDEF".utf8)
      case .alphanumeric: Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
      }
    let question = try randomBytes(count: maximumCount).map {
      characters[Int($0) % characters.count]
    }
    return String(decoding: question, as: UTF8.self)
  }
}
