import Cryptography

/// How a centre is served.
public struct CenterServerConfiguration: Sendable {
  /// A host name or address to listen on.
  public var address = "127.0.0.1"
  /// 0 lets the system choose.
  public var port = 8443
  /// A second listener on 127.0.0.1 without TLS, for figures and probes; nil for none.
  public var localPort: Int?
  /// An idle connection is closed after so long.
  public var idleSeconds: Int64 = 75
  /// Further connections wait.
  public var connectionLimit = 8_192
  public var rateLimits = RateLimits()
  public var deadlines = ClientDeadlines()
  /// How long a device's certificate holds: two years (protocol.md, section 2).
  public var deviceCertificateSeconds: Int64 = 2 * 365 * 86_400

  /// Issues client certificates; only its clients are let in.
  public let authority: CertificateAuthority
  public let identity: ServerIdentity
  /// Reads whose signatures register cards online; asked again every minute.
  public let accredited: @Sendable () throws -> AccreditedAuthorities

  public init(
    authority: CertificateAuthority, identity: ServerIdentity,
    accredited: @escaping @Sendable () throws -> AccreditedAuthorities
  ) {
    self.authority = authority
    self.identity = identity
    self.accredited = accredited
  }
}
