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
  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return encoder
  }()
  private static let decoder = JSONDecoder()

  static func encode(_ value: some Encodable) throws -> ByteBuffer {
    ByteBuffer(bytes: try encoder.encode(value))
  }

  /// - Throws: `malformedRequest` for what is no JSON object, `invalidValue` for an object with a
  ///   value missing, of the wrong type, or against its rule. The value itself is never repeated.
  static func decode<Message: Decodable>(
    _ type: Message.Type, from body: ByteBuffer
  ) throws(Refusal) -> Message {
    do {
      return try decoder.decode(type, from: Data(body.readableBytesView))
    } catch let error as DecodingError {
      throw refusal(error)
    } catch {
      throw Refusal(.malformedRequest)
    }
  }

  /// The content of a signed message.
  static func decodeSigned(_ content: [UInt8]) throws(Refusal) -> OnlineRegistrationRequest {
    do {
      return try decoder.decode(OnlineRegistrationRequest.self, from: Data(content))
    } catch {
      throw Refusal(.signatureMalformed, "the signed content is not a registration request")
    }
  }

  static func bytes(base64 text: String) -> [UInt8]? {
    Data(base64Encoded: text).map { [UInt8]($0) }
  }

  private static func refusal(_ error: DecodingError) -> Refusal {
    switch MessageFault(error) {
    case .malformed(let what): Refusal(.malformedRequest, what)
    case .invalidValue(let what): Refusal(.invalidValue, what)
    }
  }
}
