import Glibc

/// One store at a time is opened in a folder: who is first makes the file and its tables, the others
/// find them.
///
/// SQLite's own locks do not cover the change to WAL mode and a series of migrations. The folder is
/// locked, since closing any descriptor of the file would drop SQLite's locks on it.
enum OpeningTurn {
  /// A process that was stopped while it had its turn is not waited for longer.
  private static let longestSeconds = 30

  static func run<Value>(at path: String, _ body: () throws -> Value) rethrows -> Value {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return try body() }
    defer { close(descriptor) }
    var tries = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, tries < longestSeconds * 500 {
      usleep(2000)
      tries += 1
    }
    return try body()
  }
}
