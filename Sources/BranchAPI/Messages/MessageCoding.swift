import NIOCore
import SmartOTP

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON, in and out.
enum MessageCoding {
  static func encode(_ value: some Encodable) throws -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return ByteBuffer(bytes: try encoder.encode(value))
  }

  /// - Throws: `malformedRequest` for what is no JSON object, `invalidValue` for an object with a
  ///   value missing, of the wrong type, or against its rule. The value itself is never repeated.
  static func decode<Message: Decodable>(
    _ type: Message.Type, from body: ByteBuffer
  ) throws(BranchProblem) -> Message {
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch let error as DecodingError {
      throw problem(error)
    } catch {
      throw BranchProblem(.malformedRequest)
    }
  }

  private static func problem(_ error: DecodingError) -> BranchProblem {
    switch error {
    case .keyNotFound(let key, let context):
      BranchProblem(.invalidValue, "\(name(context.codingPath + [key])): it is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      context.codingPath.isEmpty
        ? BranchProblem(.malformedRequest, "the request is not a JSON object")
        : BranchProblem(.invalidValue, "\(name(context.codingPath)): it must be \(jsonName(type))")
    case .dataCorrupted(let context): corrupted(context)
    @unknown default: BranchProblem(.malformedRequest)
    }
  }

  private static func corrupted(_ context: DecodingError.Context) -> BranchProblem {
    if context.codingPath.isEmpty {
      return BranchProblem(.malformedRequest, "the request is not JSON in UTF-8")
    }
    // The rules of our own types come with the error; other texts may repeat the value.
    let rule = (context.underlyingError as? InvalidText)?.rule ?? "its value is not taken here"
    return BranchProblem(.invalidValue, "\(name(context.codingPath)): \(rule)")
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
