import SmartOTP

/// What is wrong with a JSON message, in words that repeat no value of it.
package enum MessageFault: Hashable, Sendable {
  /// It is no JSON object.
  case malformed(String)
  /// A value is missing, of the wrong type, or against its rule: where, and which.
  case invalidValue(String)

  package init(_ error: DecodingError) {
    self =
      switch error {
      case .keyNotFound(let key, let context):
        .invalidValue("\(Self.name(context.codingPath + [key])): it is missing")
      case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
        context.codingPath.isEmpty
          ? .malformed("the request is not a JSON object")
          : .invalidValue("\(Self.name(context.codingPath)): it must be \(Self.jsonName(type))")
      case .dataCorrupted(let context): Self.corrupted(context)
      @unknown default: .malformed("the request cannot be read")
      }
  }

  private static func corrupted(_ context: DecodingError.Context) -> MessageFault {
    guard !context.codingPath.isEmpty else {
      return .malformed("the request is not JSON in UTF-8")
    }
    // The rules of our own types come with the error; other texts may repeat the value.
    let rule = (context.underlyingError as? InvalidText)?.rule ?? "its value is not taken here"
    return .invalidValue("\(name(context.codingPath)): \(rule)")
  }

  private static func name(_ path: [any CodingKey]) -> String {
    path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }

  private static func jsonName(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is Int64.Type, is Int.Type: "a whole number"
    case is [Any].Type: "an array"
    default: "an object"
    }
  }
}
