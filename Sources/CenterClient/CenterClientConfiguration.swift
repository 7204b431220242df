import Cryptography

/// How a client reaches its centre and who it is there.
public struct CenterClientConfiguration: Sendable {
  public var address: CenterAddress
  /// The centre's certificate authority, PEM: the only root there is.
  public var authority: [UInt8]
  /// Nil for the calls that take no certificate.
  public var identity: ClientIdentity?
  /// How long a call may take, repeats included.
  public var callTime = Duration.seconds(15)
  /// How long a connection may take to be made.
  public var connectTime = Duration.seconds(5)
  /// A push connection that is silent for so long is lost. The centre says something every 15 s.
  public var silenceTime = Duration.seconds(45)
  public var retry = RetryPolicy()

  public init(address: CenterAddress, authority: [UInt8], identity: ClientIdentity? = nil) {
    self.address = address
    self.authority = authority
    self.identity = identity
  }
}

/// A client certificate with its key.
public struct ClientIdentity: Sendable {
  /// PEM: the client's certificate first, then those above it.
  public let certificates: [UInt8]
  /// PEM, PKCS#8 without passphrase.
  public let key: SecretBytes

  public init(certificates: [UInt8], key: SecretBytes) {
    self.certificates = certificates
    self.key = key
  }
}
