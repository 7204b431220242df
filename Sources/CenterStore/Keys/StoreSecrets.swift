import Cryptography
import GRDB

/// The keys that the database carries itself, sealed. They never change, so they are held.
struct StoreSecrets: Sendable {
  /// For identity documents.
  let document: SecretBytes
  /// For registration codes, hardware fingerprints and nonces.
  let lookup: SecretBytes
  let audit: SecretBytes

  private static let names = ["document", "lookup", "audit"]

  /// Draws the keys of a new database.
  static func create(in database: Database, under ring: KeyRing) throws {
    for name in names {
      let key = try SecretBytes.random(count: 32)
      try database.run(
        "INSERT INTO secrets (name, sealed) VALUES (?, ?)", .text(name),
        .blob(try ring.seal(key, for: place(name))))
    }
  }

  static func exist(in database: Database) throws -> Bool {
    try database.exists("SELECT 1 FROM secrets LIMIT 1")
  }

  init(from database: Database, under ring: KeyRing) throws {
    func secret(_ name: String) throws -> SecretBytes {
      let sealed = try database.first(
        "SELECT sealed FROM secrets WHERE name = ?", .text(name)
      ) { $0.blob(0) }
      guard let sealed else { throw SealError.malformed(Self.place(name)) }
      return try ring.open(sealed, from: Self.place(name))
    }
    document = try secret("document")
    lookup = try secret("lookup")
    audit = try secret("audit")
  }

  static func place(_ name: String) -> String { "secrets.sealed:\(name)" }

  /// A keyed hash under which a value is found again.
  func lookupHash(_ kind: StaticString, _ value: [UInt8]) throws -> [UInt8] {
    try hmac(.sha256, key: lookup, message: Array(kind.description.utf8) + [0] + value)
  }
}
