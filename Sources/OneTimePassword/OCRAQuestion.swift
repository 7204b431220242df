/// A challenge question, or the two of a mutual exchange (RFC 6287, 7.2 and 7.3).
public struct OCRAQuestion: Equatable, Sendable {
  let parts: [[UInt8]]

  /// One question, in ASCII.
  public init(_ question: [UInt8]) {
    parts = [question]
  }

  /// Mutual challenge and response: the questions in the order in which they are authenticated. For
  /// the server's response that is the client's question first, for the client's the server's.
  public init(_ first: [UInt8], then second: [UInt8]) {
    parts = [first, second]
  }
}

extension OCRASuite.QuestionFormat {
  /// The question's 128 bytes, zeros behind (RFC 6287, 5.1). Two questions are joined as text.
  func encode(_ question: OCRAQuestion) throws(OCRAError) -> [UInt8] {
    var text: [UInt8] = []
    for part in question.parts {
      guard (1...maximumCount).contains(part.count), part.allSatisfy(alphabet.contains) else {
        throw .invalid(.question)
      }
      text += part
    }
    let bytes =
      switch alphabet {
      case .alphanumeric: text
      case .hexadecimal: packed(nibbles: text.map(hexadecimalValue))
      case .numeric: packed(nibbles: nibbles(ofDecimal: text))
      }
    return bytes + [UInt8](repeating: 0, count: 128 - bytes.count)
  }
}

extension OCRASuite.QuestionFormat.Alphabet {
  fileprivate func contains(_ character: UInt8) -> Bool {
    switch (self, character) {
    case (_, 0x30...0x39): true
    case (.hexadecimal, 0x41...0x46), (.hexadecimal, 0x61...0x66): true
    case (.alphanumeric, 0x41...0x5A), (.alphanumeric, 0x61...0x7A): true
    default: false
    }
  }
}

private func hexadecimalValue(_ character: UInt8) -> UInt8 {
  character <= 0x39 ? character - 0x30 : (character | 0x20) - 0x61 + 10
}

/// A decimal number of at most 128 digits in base 16, most significant first, no zeros in front.
private func nibbles(ofDecimal text: [UInt8]) -> [UInt8] {
  var reversed: [UInt8] = [0]
  for character in text {
    var carry = Int(character - 0x30)
    for index in reversed.indices {
      carry += Int(reversed[index]) * 10
      reversed[index] = UInt8(carry & 0xF)
      carry >>= 4
    }
    if carry > 0 { reversed.append(UInt8(carry)) }
  }
  return reversed.reversed()
}

/// Two nibbles a byte; an odd last one fills the high half.
private func packed(nibbles: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = []
  for (index, nibble) in nibbles.enumerated() {
    if index.isMultiple(of: 2) {
      bytes.append(nibble << 4)
    } else {
      bytes[bytes.count - 1] |= nibble
    }
  }
  return bytes
}
