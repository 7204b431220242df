import Center
import Cryptography
import GRDB
import OneTimePassword
import SmartOTP

struct TokenRow {
  let number: Int64
  let token: Token
  let method: Method
  let sealedKey: [UInt8]

  enum Method {
    case hotp(HOTP, next: UInt64)
    case totp(TOTP, drift: Int64, last: UInt64?)
    case ocra(OCRASuite, next: UInt64, question: String?, questionExpiresAt: UnixTime?)
  }

  var auditSubject: String { "token:\(token.id)" }

  static let columns = """
    number, id, institution, kind, manufacturer, serial, wrong_codes, key, hash, digits, period,
    epoch, suite, next_counter, last_step, drift, question, question_expires_at
    """

  init(columns row: Columns) throws {
    number = row.integer(0)
    token = Token(
      id: try row.checked(1), institution: try row.checked(2), kind: try row.word(3),
      manufacturer: row.text(4), serial: row.text(5), wrongCodes: row.int(6))
    sealedKey = row.blob(7)
    method = try Method(token.kind, row)
  }
}

extension TokenRow.Method {
  fileprivate init(_ kind: Token.Kind, _ row: Columns) throws {
    let next = UInt64(clamping: row.integer(13))
    switch kind {
    case .hotp: self = .hotp(HOTP(hash: try row.hash(8), digits: try row.digits(9)), next: next)
    case .totp:
      guard let period = UInt32(exactly: row.integer(10)),
        let totp = TOTP(
          hash: try row.hash(8), digits: try row.digits(9), period: period, epoch: row.integer(11))
      else { throw DamagedRow(column: 10, rule: "a period") }
      let last = row.optional(14, row.integer).map { UInt64(clamping: $0) }
      self = .totp(totp, drift: row.integer(15), last: last)
    case .ocra:
      self = .ocra(
        try OCRASuite(Array(row.text(12).utf8)), next: next, question: row.optional(16, row.text),
        questionExpiresAt: row.optional(17, row.time))
    }
  }
}

extension Columns {
  fileprivate func hash(_ index: Int) throws -> HashFunction {
    let text = text(index)
    guard let hash = HashFunction.allCases.first(where: { $0.columnText == text }) else {
      throw DamagedRow(column: index, rule: "a hash function")
    }
    return hash
  }

  fileprivate func digits(_ index: Int) throws -> DigitCount {
    guard let count = UInt8(exactly: integer(index)), let digits = DigitCount(rawValue: count)
    else { throw DamagedRow(column: index, rule: "6 to 8 digits") }
    return digits
  }
}

extension HashFunction {
  var columnText: String {
    switch self {
    case .sha1: "sha1"
    case .sha256: "sha256"
    case .sha512: "sha512"
    }
  }

  var hash: Hash {
    switch self {
    case .sha1: .sha1
    case .sha256: .sha256
    case .sha512: .sha512
    }
  }
}

extension Database {
  func token(_ id: TokenID) throws -> TokenRow? {
    try first(
      "SELECT \(TokenRow.columns) FROM tokens WHERE id = ?", .text(id.text),
      read: TokenRow.init(columns:))
  }
}

extension UnitOfWork {
  func requireToken(_ id: TokenID, as caller: Caller) throws -> TokenRow {
    guard let row = try database.token(id) else { throw Refusal(.tokenUnknown) }
    try require(caller, toBe: row.token.institution)
    return row
  }

  /// HMAC under a token's key, as OneTimePassword asks for it.
  func hmacFunction(of row: TokenRow) throws -> HMACFunction<any Error> {
    let key = try ring.open(row.sealedKey, from: TokenKeyPlace.key(row.token.id))
    return { hash, message in try hmac(hash.hash, key: key, message: message) }
  }
}

enum TokenKeyPlace {
  static func key(_ id: TokenID) -> String { "tokens.key:\(id)" }
}
