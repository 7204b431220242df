import Cryptography
import SmartOTP

/// How the branch API is served.
public struct BranchServerConfiguration: Sendable {
  /// Where the branch's software on the same machine connects; its file's mode says who may.
  public enum LocalSocket: Hashable, Sendable {
    /// A socket file that the server makes with mode 0660 and removes at its end.
    case path(String)
    /// A Unix socket that listens already, as systemd hands it over. The server closes it at its end.
    case descriptor(Int32)
  }

  /// A port of 127.0.0.1, for a browser and for what cannot speak over a Unix socket.
  public struct Loopback: Sendable {
    /// Fewer characters can be guessed.
    public static let minimumTokenByteCount = 16

    public let port: Int
    let tokenDigest: [UInt8]

    /// - Parameters:
    ///   - port: 0 lets the system choose.
    ///   - token: what clients show as `Authorization: Bearer`; visible ASCII. A line feed at its end,
    ///     as files have it, does not count.
    /// - Throws: `tokenUnusable`, `portOutOfRange`.
    public init(port: Int, token: SecretBytes) throws(BranchServerError) {
      guard (0...65_535).contains(port) else { throw .portOutOfRange(port) }
      self.port = port
      self.tokenDigest = try BearerToken.digest(of: token)
    }
  }

  public var socket: LocalSocket?
  public var loopback: Loopback?
  /// Whether `GET /v1/session` carries the code while it is shown.
  public var showsCode = false
  /// On each side; further connections are told to come back.
  public var connectionLimit = 64
  /// Further event streams are told to come back.
  public var streamLimit = 16
  /// An idle connection, or one whose request's head does not come, is closed after so long.
  public var idleSeconds: Int64 = 60
  /// A client that does not take what is written to it is cut off after so long.
  public var writeSeconds: Int64 = 10
  /// A request's body must be there after so long.
  public var bodySeconds: Int64 = 10
  /// An event stream says so often that it lives.
  public var heartbeatSeconds: Int64 = 15

  /// No answer is waited for longer, whatever its route allows.
  var answerSeconds: Int64 = 60

  public init(socket: LocalSocket? = nil, loopback: Loopback? = nil) {
    self.socket = socket
    self.loopback = loopback
  }
}
