import HTTPTypes

/// A name for one request, in the answer and in the log: the client's, if it is sane.
enum RequestID {
  static func of(_ headers: HTTPFields) -> String {
    guard let given = headers[.requestID], isSane(given) else { return random() }
    return given
  }

  private static func isSane(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }

  static func random() -> String {
    let text = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
