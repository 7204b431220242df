import Glibc
import Synchronization

/// Lines for people, apart from the output.
enum StandardError {
  static func line(_ text: String) { self.text("\(text)\n") }

  static func text(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Lines that are the command's result, each written whole and at once.
enum StandardOutput {
  /// The errno of the first line that could not be written whole, 0 for none.
  private static let firstError = Atomic<Int32>(0)

  static func line(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    guard count != bytes.count else { return }
    let error = count < 0 ? errno : ENOSPC
    _ = firstError.compareExchange(expected: 0, desired: error, ordering: .relaxed)
  }

  /// - Throws: `CommandFailure` when a line was lost: a code that nobody got is no success.
  static func finish() throws {
    let error = firstError.load(ordering: .relaxed)
    guard error != 0 else { return }
    throw CommandFailure(
      "cannot write the output: \(String(cString: strerror(error)))", .readerFailure)
  }
}
