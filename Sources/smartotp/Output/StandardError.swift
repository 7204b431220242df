import Glibc

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
  static func line(_ text: String) {
    let bytes = Array("\(text)\n".utf8)
    _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
