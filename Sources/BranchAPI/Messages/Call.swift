import HTTPTypes
import NIOCore
import SmartOTP

/// A request that was let in.
struct Call: Sendable {
  let query: Substring
  let headers: HTTPFields
  let body: ByteBuffer

  /// The language that `?language=` asks for.
  ///
  /// - Throws: `invalidValue` for one that the appliance does not speak.
  func language() throws(BranchProblem) -> Language? {
    for pair in query.split(separator: "&", maxSplits: 32) where pair.hasPrefix("language=") {
      guard let language = Language(rawValue: String(pair.dropFirst(9))) else {
        let known = Language.allCases.map(\.rawValue).joined(separator: ", ")
        throw BranchProblem(.invalidValue, "language: one of \(known)")
      }
      return language
    }
    return nil
  }

  /// What the client calls this request; nil where it gave no key
  /// (draft-ietf-httpapi-idempotency-key-header).
  ///
  /// - Throws: `invalidValue` for a key that is not 1 to 64 visible ASCII characters.
  func idempotencyKey() throws(BranchProblem) -> String? {
    guard let key = headers[.idempotencyKey] else { return nil }
    guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else {
      throw BranchProblem(.invalidValue, "Idempotency-Key: 1 to 64 visible ASCII characters")
    }
    return key
  }
}

extension HTTPField.Name {
  static let idempotencyKey = Self("Idempotency-Key") ?? .eTag
  static let lastEventID = Self("Last-Event-ID") ?? .eTag
  static let referrerPolicy = Self("Referrer-Policy") ?? .eTag
  static let openerPolicy = Self("Cross-Origin-Opener-Policy") ?? .eTag
  static let resourcePolicy = Self("Cross-Origin-Resource-Policy") ?? .eTag
}
