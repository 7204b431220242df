import HTTPTypes

/// A name for one request, in the answer and in the log: the client's, if it is sane.
package enum RequestID {
  private static let digits = Array("0123456789abcdef".utf8)

  package static func of(_ headers: HTTPFields) -> String {
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

  package static func random() -> String {
    var bits = UInt64.random(in: .min ... .max)
    return String(unsafeUninitializedCapacity: 16) { buffer in
      for index in 0..<16 {
        buffer[index] = digits[Int(bits & 15)]
        bits >>= 4
      }
      return 16
    }
  }
}

extension HTTPField.Name {
  package static let requestID = Self("X-Request-Id") ?? .eTag
}
