import GRDB
import Glibc

extension SQLiteStore {
  /// So many pages are copied at a time.
  private static let pagesPerStep: CInt = 1024

  /// Copies the database as it is at one moment into a new file, while others write. What is secret
  /// in it stays sealed: keep the key file with it, but elsewhere.
  ///
  /// - Throws: `exists` where the file is there already.
  public func backup(to destination: String) async throws(StoreError) {
    let pool = pool
    try await Self.blocking(path: destination) {
      guard access(destination, F_OK) != 0 else { throw StoreError.exists(path: destination) }
      let partial = destination + ".partial"
      try Self.makePrivateFile(partial)
      do {
        try Self.copy(from: pool, to: partial)
        try Self.publish(partial, as: destination)
      } catch {
        unlink(partial)
        throw error
      }
    }
  }

  static func copy(from source: some DatabaseReader, to path: String) throws {
    let target = try DatabaseQueue(path: path)
    try source.backup(to: target, pagesPerStep: pagesPerStep)
    // One file: what a journal of its own would hold goes into it.
    try target.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    try target.close()
  }

  static func makePrivateFile(_ path: String) throws {
    unlink(path)
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw StoreError.cannotOpen(path: path, reason: reason(errno)) }
    close(file)
  }

  /// Makes a finished file durable under its name.
  static func publish(_ path: String, as name: String) throws {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw StoreError.cannotOpen(path: path, reason: reason(errno)) }
    defer { close(file) }
    guard fsync(file) == 0, rename(path, name) == 0 else {
      throw StoreError.cannotOpen(path: name, reason: reason(errno))
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
