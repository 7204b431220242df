import AsyncHTTPClient
import Cryptography
import NIOCore
import NIOHTTP1
import SmartOTP

/// One request to the centre.
struct CenterCall: Sendable {
  enum Repetition: Sendable {
    /// It changes nothing, or the same thing twice.
    case harmless
    /// Made harmless by an `Idempotency-Key`, the same in every try.
    case keyed
    /// Only if the first never left.
    case unsentOnly
  }

  let method: HTTPMethod
  /// Below the centre's address, in URL characters.
  let path: String
  var query: [(name: String, value: String)] = []
  var body: [UInt8]?
  var repetition: Repetition
  /// Whoever asks has a name for the request; nil draws one for a `keyed` call.
  var idempotencyKey: String?

  static func get(_ path: String, query: [(name: String, value: String)] = []) -> CenterCall {
    CenterCall(method: .GET, path: path, query: query, repetition: .harmless)
  }

  static func delete(_ path: String) -> CenterCall {
    CenterCall(method: .DELETE, path: path, repetition: .harmless)
  }

  static func put(_ path: String) -> CenterCall {
    CenterCall(method: .PUT, path: path, repetition: .harmless)
  }

  static func post(_ path: String, repetition: Repetition = .unsentOnly) -> CenterCall {
    CenterCall(method: .POST, path: path, repetition: repetition)
  }

  /// - Throws: `malformedAnswer` never; `CryptographyError` is told as an interruption.
  func keyToSend() throws(CenterServiceError) -> String? {
    guard case .keyed = repetition else { return nil }
    if let idempotencyKey { return idempotencyKey }
    do { return try randomBytes(count: 16).hexadecimal } catch {
      throw .unreachable("no random numbers: \(error)")
    }
  }

  /// Whether it may be sent again after such an end.
  func mayRepeat(after error: CenterServiceError) -> Bool {
    switch error {
    case .refused(let refusal): refusal.code == .unavailable || refusal.code == .rateLimited
    case .unreachable: true
    case .interrupted: repetition != .unsentOnly
    case .timedOut, .tlsRefused, .notACenter, .malformedAnswer, .cancelled: false
    }
  }

  func request(at address: CenterAddress, idempotencyKey: String?) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: "\(address)\(path)\(queryText)")
    request.method = method
    request.headers.add(name: "Accept", value: "application/json, application/problem+json")
    request.headers.add(name: "User-Agent", value: "smartotp")
    if let idempotencyKey {
      request.headers.add(name: "Idempotency-Key", value: idempotencyKey)
    }
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    return request
  }

  private var queryText: String {
    guard !query.isEmpty else { return "" }
    return "?"
      + query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
  }

  /// RFC 3986, 2.3: all but unreserved characters percent-encoded.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + [byte].hexadecimal.uppercased()
      }
    }
    return result
  }
}
