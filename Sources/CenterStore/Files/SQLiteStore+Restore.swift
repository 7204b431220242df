import GRDB
import Glibc

extension SQLiteStore {
  /// Puts a backup in the place of the database at `path`, which no process may have open. The
  /// backup is examined first: whole, of a version that this program knows, and sealed under a key
  /// that the ring has. Blocks the thread.
  ///
  /// Codes accepted since the backup was made are not known to it. Transaction codes have run out by
  /// then; HOTP tokens should be resynchronised.
  public static func restore(
    _ backup: String, to path: String, keys ring: KeyRing
  ) throws(StoreError) {
    do {
      guard access(backup, R_OK) == 0 else {
        throw StoreError.cannotOpen(path: backup, reason: "it cannot be read")
      }
      let copy = path + ".restoring"
      try makePrivateFile(copy)
      defer { unlink(copy) }
      try examine(backup, under: ring, copyingTo: copy)
      try closeJournal(of: path)
      try publish(copy, as: path)
    } catch {
      throw StoreError(error, path: backup)
    }
  }

  private static func examine(
    _ backup: String, under ring: KeyRing, copyingTo path: String
  ) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let source = try DatabaseQueue(path: backup, configuration: configuration)
    try source.read { database in
      guard try !Schema.migrator.hasBeenSuperseded(database) else {
        throw StoreError.newerSchema(path: backup)
      }
      guard try database.tableExists("secrets") else {
        throw StoreError.notADatabase(path: backup)
      }
      let findings = try database.all("PRAGMA integrity_check(1)") { $0.text(0) }
      guard findings == ["ok"] else {
        throw StoreError.damaged(path: backup, reason: findings.joined())
      }
      _ = try StoreSecrets(from: database, under: ring)
      _ = try AuditHead.read(from: database, under: ring)
    }
    try copy(from: source, to: path)
    try source.close()
  }

  /// Takes the old database's journal into its file, which works only while nobody has it open.
  private static func closeJournal(of path: String) throws {
    guard access(path, F_OK) == 0 else { return }
    do {
      let old = try DatabaseQueue(path: path)
      try old.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try old.close()
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: throw StoreError.inUse(path: path)
      // A damaged database is why one restores.
      case .SQLITE_NOTADB, .SQLITE_CORRUPT:
        unlink(path + "-wal")
        unlink(path + "-shm")
      default: throw error
      }
    }
  }
}
