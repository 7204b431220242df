import HTTPService
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
    switch MessageFault(error) {
    case .malformed(let what): BranchProblem(.malformedRequest, what)
    case .invalidValue(let what): BranchProblem(.invalidValue, what)
    }
  }
}
