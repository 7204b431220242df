import Center
import Cryptography
import GRDB
import OneTimePassword
import SmartOTP

extension SQLiteStore: TokenStore {
  public func importToken(_ token: NewToken, as caller: Caller) async throws(Refusal) -> Token {
    try await create(as: caller) { work in
      try work.require(caller, toBe: token.institution)
      _ = try work.activeInstitution(token.institution)
      if let refusal = token.refusal { throw refusal }
      let isKnown = try work.database.exists(
        "SELECT 1 FROM tokens WHERE manufacturer = ? AND serial = ?", .text(token.manufacturer),
        .text(token.serial))
      guard !isKnown else { throw Refusal(.tokenExists) }
      let id = try TokenID.random()
      try work.insert(token, as: id, at: caller.now)
      try work.record(
        "token.imported", "token:\(id)", "institution \(token.institution)", as: caller)
      return try work.requireToken(id, as: caller).token
    }
  }

  public func token(_ id: TokenID) async throws(Refusal) -> Token {
    try await read { database in
      guard let row = try database.token(id) else { throw Refusal(.tokenUnknown) }
      return row.token
    }
  }

  public func tokens(
    of institution: InstitutionCode, _ page: PageRequest
  ) async throws(Refusal) -> Page<Token> {
    try await read { database in
      let rows = try database.all(
        """
        SELECT \(TokenRow.columns) FROM tokens WHERE institution = ? AND number > ?
        ORDER BY number LIMIT ?
        """, .text(institution.text), .integer(try page.start(default: 0)), page.rowLimit
      ) { columns in
        let row = try TokenRow(columns: columns)
        return Numbered(number: row.number, item: row.token)
      }
      return Page(rows, page)
    }
  }

  public func unlockToken(_ id: TokenID, as caller: Caller) async throws(Refusal) -> Token {
    try await write { work in
      let row = try work.requireToken(id, as: caller)
      guard row.token.wrongCodes > 0 else { return row.token }
      try work.database.run(
        "UPDATE tokens SET wrong_codes = 0 WHERE number = ?", .integer(row.number))
      try work.record("token.unlocked", row.auditSubject, as: caller)
      return try work.requireToken(id, as: caller).token
    }
  }
}

extension UnitOfWork {
  fileprivate func insert(_ token: NewToken, as id: TokenID, at now: UnixTime) throws {
    let columns = token.method.columns
    try database.run(
      """
      INSERT INTO tokens (id, institution, kind, manufacturer, serial, hash, digits, period,
        epoch, suite, next_counter, key, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      .text(id.text), .text(token.institution.text), .text(columns.kind.rawValue),
      .text(token.manufacturer), .text(token.serial), .text(columns.hash?.columnText),
      .integer(columns.digits), .integer(columns.period), .integer(columns.epoch),
      .text(columns.suite), .integer(columns.counter),
      .blob(try ring.seal(token.key, for: TokenKeyPlace.key(id))), .integer(now.seconds))
  }
}

extension NewToken.Method {
  fileprivate struct TokenColumns {
    var kind: Token.Kind
    var hash: HashFunction?
    var digits: Int64?
    var period: Int64?
    var epoch: Int64?
    var suite: String?
    var counter: Int64?
  }

  fileprivate var columns: TokenColumns {
    switch self {
    case .hotp(let hotp, let counter):
      TokenColumns(
        kind: .hotp, hash: hotp.hash, digits: Int64(hotp.digits.rawValue),
        counter: Int64(clamping: counter))
    case .totp(let totp):
      TokenColumns(
        kind: .totp, hash: totp.hash, digits: Int64(totp.digits.rawValue),
        period: Int64(totp.period), epoch: totp.epoch)
    case .ocra(let suite, let counter):
      TokenColumns(
        kind: .ocra, suite: String(decoding: suite.text, as: UTF8.self),
        counter: Int64(clamping: counter))
    }
  }
}
