import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix

/// The branch socket of a `smartotpd` that runs on this machine, as other programs of ours use it.
public final class ApplianceSocket: Sendable {
  public static let standardPath = "/run/smartotp/branch.sock"

  private let http: HTTPClient
  private let group: MultiThreadedEventLoopGroup
  private let base: String

  /// Why there is nothing to talk to.
  public enum Absence: Error, Hashable, Sendable {
    /// No appliance runs here.
    case nobody
    /// One may; this user may not use its socket.
    case forbidden
  }

  /// Nothing is connected yet beyond seeing that somebody listens.
  public init(path: String = standardPath) throws(Absence) {
    try Self.probe(path)
    base = "http+unix://" + Self.escaped(path)
    var configuration = HTTPClient.Configuration()
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout = .init(connect: .seconds(2), read: .seconds(60))
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  /// Ends all connections. Must be called once.
  public func close() async {
    try? await http.shutdown()
    try? await group.shutdownGracefully()
  }

  /// The appliance's reader by libnfc's name; nil while it has none, or does not say.
  public func readerName() async -> String? {
    struct Status: Decodable {
      struct Reader: Decodable { let connstring: String? }
      let reader: Reader
    }
    guard
      let response = try? await http.execute(
        HTTPClientRequest(url: base + "/v1/status"), timeout: .seconds(5)),
      response.status == .ok, let body = try? await response.body.collect(upTo: 1 << 20)
    else { return nil }
    let status = try? JSONDecoder().decode(Status.self, from: Data(body.readableBytesView))
    return status?.reader.connstring
  }

  /// Has the reader until the answer is closed.
  ///
  /// - Throws: `BorrowingFailure` in the appliance's own words.
  public func borrowReader() async throws(BorrowingFailure) -> BorrowedReader {
    var request = HTTPClientRequest(url: base + "/v1/reader/loan")
    request.method = .POST
    do {
      let response = try await http.execute(request, timeout: .seconds(660))
      guard response.status == .ok else {
        throw BorrowingFailure(
          try await Self.detail(of: response) ?? "it answered \(response.status.code)")
      }
      return BorrowedReader(response.body)
    } catch let failure as BorrowingFailure {
      throw failure
    } catch {
      throw BorrowingFailure("it does not answer (\(error))")
    }
  }

  private static func detail(of response: HTTPClientResponse) async throws -> String? {
    struct Problem: Decodable { let detail: String }
    let body = try await response.body.collect(upTo: 1 << 16)
    return try? JSONDecoder().decode(Problem.self, from: Data(body.readableBytesView)).detail
  }

  /// A host in a URL of this kind is the path, percent-encoded.
  private static func escaped(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  private static func probe(_ path: String) throws(Absence) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .nobody }
    defer { Glibc.close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let isFitting = withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard path.utf8.count < room.count else { return false }
      room.copyBytes(from: path.utf8)
      return true
    }
    guard isFitting else { throw .nobody }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result != 0 else { return }
    throw errno == EACCES || errno == EPERM ? .forbidden : .nobody
  }
}

/// Why the appliance keeps its reader, in its own words.
public struct BorrowingFailure: Error, Hashable, Sendable {
  public let explanation: String

  init(_ explanation: String) { self.explanation = explanation }
}
