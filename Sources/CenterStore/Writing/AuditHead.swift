import Cryptography
import GRDB
import SmartOTP

/// The end of the audit chain: how many records there are, and the last one's hash.
///
/// It is kept sealed beside the records, so that records taken from the end are missed.
struct AuditHead: Equatable {
  var number: Int64
  var hash: [UInt8]

  static let empty = AuditHead(number: 0, hash: [UInt8](repeating: 0, count: 32))
  static let place = "audit_head.sealed:1"

  static func read(from database: Database, under ring: KeyRing) throws -> AuditHead {
    let sealed = try database.first("SELECT sealed FROM audit_head WHERE number = 1") { $0.blob(0) }
    guard let sealed else { throw SealError.malformed(place) }
    let bytes = try ring.open(sealed, from: place).withUnsafeBytes { Array($0) }
    guard bytes.count == 40 else { throw SealError.malformed(place) }
    return AuditHead(
      number: Int64(bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } & UInt64(Int64.max)),
      hash: Array(bytes.suffix(32)))
  }

  func write(to database: Database, under ring: KeyRing) throws {
    let bytes = bigEndianBytes(UInt64(number)) + hash
    let sealed = try ring.seal(SecretBytes(bytes), for: Self.place)
    try database.run(
      "INSERT OR REPLACE INTO audit_head (number, sealed) VALUES (1, ?)", .blob(sealed))
  }

  /// The next record's hash: HMAC over this hash and the record's fields, each with its length.
  func hash(of record: AuditFields, key: SecretBytes) throws -> [UInt8] {
    var message = hash
    message.reserveCapacity(192)
    message += bigEndianBytes(UInt64(bitPattern: number + 1))
    message += bigEndianBytes(UInt64(bitPattern: record.time.seconds))
    for text in [record.actor, record.action, record.subject, record.detail] {
      message += bigEndianBytes(UInt64(text.utf8.count)).suffix(4)
      message += text.utf8
    }
    return try hmac(.sha256, key: key, message: message)
  }
}

/// A record before it has its place in the chain.
struct AuditFields {
  let time: UnixTime
  let actor: String
  let action: String
  let subject: String
  let detail: String
}

func bigEndianBytes(_ value: UInt64) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: 8) { buffer, count in
    for index in 0..<8 {
      buffer[index] = UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * index))
    }
    count = 8
  }
}
