import Glibc

/// Lines for whoever started the program.
enum Output {
  static func line(_ text: String) { write(text, to: STDOUT_FILENO) }
  static func error(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8) + [0x0A]
    while !bytes.isEmpty {
      let count = Glibc.write(descriptor, bytes, bytes.count)
      guard count > 0 else { return }
      bytes.removeFirst(count)
    }
  }
}
