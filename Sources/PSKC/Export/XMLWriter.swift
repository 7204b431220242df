import Cryptography

/// Writes XML, two spaces an indentation, and keeps it where it is wiped.
struct XMLWriter {
  private var parts: [SecretBytes] = []
  private var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var open: [String] = []

  typealias Attribute = (name: String, value: String)

  /// The whole document.
  consuming func document() -> SecretBytes {
    flush()
    return SecretBytes(concatenating: parts)
  }

  mutating func element<Failure: Error>(
    _ name: String, _ attributes: [Attribute] = [],
    content: (inout XMLWriter) throws(Failure) -> Void
  ) throws(Failure) {
    start(name, attributes, end: ">\n")
    open.append(name)
    try content(&self)
    open.removeLast()
    text += "\(indentation)</\(name)>\n"
  }

  mutating func element(_ name: String, _ attributes: [Attribute] = []) {
    start(name, attributes, end: "/>\n")
  }

  /// An element with a text, or nothing where there is none.
  mutating func element(_ name: String, text value: String?) {
    guard let value else { return }
    start(name, [], end: ">")
    text += "\(Self.escaped(value))</\(name)>\n"
  }

  mutating func element(_ name: String, base64 bytes: [UInt8]) {
    element(name, secretBase64: SecretBytes(bytes))
  }

  mutating func element(_ name: String, secretBase64 bytes: SecretBytes) {
    start(name, [], end: ">")
    flush()
    parts.append(Base64.encode(bytes))
    text += "</\(name)>\n"
  }

  private var indentation: String { String(repeating: "  ", count: open.count) }

  private mutating func start(_ name: String, _ attributes: [Attribute], end: String) {
    text += "\(indentation)<\(name)"
    for attribute in attributes {
      text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\""
    }
    text += end
  }

  private mutating func flush() {
    parts.append(SecretBytes(text.utf8))
    text = ""
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
  }
}

extension String {
  /// Whether a PSKC file can carry the text and give it back: XML 1.0's characters without control
  /// characters, and no white space at the ends.
  var isExpressible: Bool {
    self == trimmed && !isEmpty
      && unicodeScalars.allSatisfy { scalar in
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: false
        default: true
        }
      }
  }
}
