/// One JSON object of texts and numbers on one line.
struct JSONLine: CustomStringConvertible {
  enum Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Int)
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
  }

  let description: String

  init(_ members: [(String, String)]) {
    self.init(members.map { ($0.0, Value.text($0.1)) })
  }

  init(_ members: [(String, Value)]) {
    let parts = members.map { name, value in
      switch value {
      case .text(let text): "\(Self.quoted(name)):\(Self.quoted(text))"
      case .number(let number): "\(Self.quoted(name)):\(number)"
      }
    }
    description = "{\(parts.joined(separator: ","))}"
  }

  /// RFC 8259, 7.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
