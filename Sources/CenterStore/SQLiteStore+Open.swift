import GRDB
import Glibc

extension SQLiteStore {
  /// How long a call waits for another process's transaction.
  static let busySeconds = 5.0

  static func opened(
    at path: String, under ring: KeyRing
  ) throws -> (DatabasePool, StoreSecrets) {
    try OpeningTurn.run(at: path) {
      let pool = try openPool(at: path)
      try migrate(pool, at: path, under: ring)
      return (pool, try pool.read { try StoreSecrets(from: $0, under: ring) })
    }
  }

  private static func openPool(at path: String) throws -> DatabasePool {
    // SQLite would make the file, and its journals after it, readable for all.
    let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if file >= 0 { close(file) }
    let pool = try DatabasePool(path: path, configuration: configuration())
    // What is confirmed must survive a power cut. GRDB's own choice in WAL mode is NORMAL, made when
    // the pool is.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    return pool
  }

  static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.busyMode = .callback(waitForOtherProcess)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
      try database.execute(
        sql: database.configuration.readonly ? readerPragmas : writerPragmas)
    }
    return configuration
  }

  private static let readerPragmas = "PRAGMA cache_size = -4096"

  /// The writer maps the file: a page that is in the system's memory then costs no read, so that a
  /// store of a million cards is about as fast as one of a thousand. The system takes the mapped pages
  /// back when it needs them. A savepoint's journal, made for every call, stays in memory.
  private static let writerPragmas = """
    PRAGMA cache_size = -16384;
    PRAGMA mmap_size = 2147418112;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA temp_store = MEMORY;
    """

  /// Short, growing pauses: the lock is held for a few milliseconds at a time, and SQLite's own
  /// pauses of up to 100 ms would leave it idle.
  private static let waitForOtherProcess: Database.BusyCallback = { tries in
    let shortest = 0.0002
    let longest = 0.002
    let pause = min(shortest * Double(tries + 1), longest)
    guard Double(tries) * longest < busySeconds else { return false }
    usleep(UInt32(pause * 1_000_000))
    return true
  }

  private static func migrate(_ pool: DatabasePool, at path: String, under ring: KeyRing) throws {
    guard try !pool.read(Schema.migrator.hasBeenSuperseded) else {
      throw StoreError.newerSchema(path: path)
    }
    try migrateAgainstOthers(pool)
    try pool.writeWithoutTransaction { database in
      try database.inTransaction(.immediate) {
        if try !StoreSecrets.exist(in: database) {
          try StoreSecrets.create(in: database, under: ring)
          try AuditHead.empty.write(to: database, under: ring)
        }
        return .commit
      }
    }
  }

  /// Two processes may open a new database at once: the second finds the first one's tables.
  private static func migrateAgainstOthers(_ pool: DatabasePool) throws {
    do {
      try Schema.migrator.migrate(pool)
    } catch let error as DatabaseError
      where [.SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_BUSY].contains(error.resultCode)
    {
      try Schema.migrator.migrate(pool)
    }
  }
}
