import FoundationEssentials
import SmartOTP

/// What came back: a status and a bounded body.
struct CenterAnswer: Sendable {
  /// Lists are paged, and nothing else is long.
  static let maximumByteCount = 1 << 20

  let status: Int
  let contentType: String
  let body: [UInt8]

  /// The value of a success, the refusal of a problem document.
  func value<Value: Decodable>(_ type: Value.Type) throws(CenterServiceError) -> Value {
    try checkStatus()
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw .malformedAnswer(Self.place(of: error, in: type))
    }
  }

  /// - Throws: the refusal of a problem document, `notACenter` for any other failure.
  func checkStatus() throws(CenterServiceError) {
    guard !(200...299).contains(status) else { return }
    guard contentType.hasPrefix("application/problem+json") else {
      throw .notACenter("HTTP status \(status) without a problem document")
    }
    guard let problem = try? JSONDecoder().decode(ProblemDocument.self, from: Data(body)) else {
      throw .malformedAnswer("a problem document with HTTP status \(status)")
    }
    throw .refused(problem.refusal(status: status))
  }

  /// Names the key, never a value: an answer may hold secrets.
  private static func place(of error: any Error, in type: Any.Type) -> String {
    let path: [any CodingKey]? =
      switch error {
      case DecodingError.keyNotFound(let key, let context): context.codingPath + [key]
      case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
        DecodingError.dataCorrupted(let context):
        context.codingPath
      default: nil
      }
    let name = path?.map(\.stringValue).joined(separator: ".") ?? ""
    return name.isEmpty ? "\(type)" : "\(type), \(name)"
  }
}

/// A problem document of a centre that may know more reasons than this client.
private struct ProblemDocument: Decodable {
  var title: String?
  var detail: String?
  var code: String?

  func refusal(status: Int) -> Refusal {
    let known = code.flatMap(RefusalCode.init(rawValue:))
    return Refusal(
      known ?? Self.code(status: status),
      (detail ?? title).map { Self.line($0) } ?? known?.title ?? "HTTP status \(status)")
  }

  private static func code(status: Int) -> RefusalCode {
    switch status {
    case 404: .notFound
    case 401: .certificateRequired
    case 403: .roleNotAllowed
    case 429: .rateLimited
    case 503: .unavailable
    case 500...: .internalError
    default: .malformedRequest
    }
  }

  /// One line for a terminal, whatever the other side sent.
  private static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.prefix(500).map {
          $0.properties.generalCategory == .control ? " " : $0
        }))
  }
}
