import Center
import Cryptography
import HTTPTypes
import NIOCore
import SmartOTP

extension HTTPField.Name {
  /// draft-ietf-httpapi-idempotency-key-header.
  static let idempotencyKey = Self("Idempotency-Key") ?? .eTag
  static let lastEventID = Self("Last-Event-ID") ?? .eTag
}

extension Idempotency {
  /// What the client calls this request; nil where it gave no key.
  ///
  /// - Throws: `invalidValue` for a key that is not 1 to 64 visible ASCII characters.
  init?(
    _ headers: HTTPFields, method: HTTPRequest.Method, path: Substring, body: ByteBuffer
  ) throws(Refusal) {
    guard let key = headers[.idempotencyKey] else { return nil }
    guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw Refusal(.invalidValue, "Idempotency-Key: 1 to 64 visible ASCII characters") }
    // Neither method nor path holds a line feed, so the three parts cannot run into each other.
    let message = Array("\(method.rawValue)\n\(path)\n".utf8) + Array(body.readableBytesView)
    do {
      self.init(key: key, requestDigest: try sha256(message))
    } catch { throw Refusal(.internalError) }
  }
}
