import Cryptography
import NIOCore
import NIOSSL

/// The certificate and key that the server shows.
public struct ServerIdentity: Sendable {
  let certificates: [NIOSSLCertificateSource]
  let key: NIOSSLPrivateKeySource

  /// - Parameters:
  ///   - certificates: PEM, the server's first.
  ///   - key: PEM.
  /// - Throws: NIOSSL's error where they cannot be read.
  public init(certificates: [UInt8], key: [UInt8]) throws {
    self.certificates = try NIOSSLCertificate.fromPEMBytes(certificates).map { .certificate($0) }
    self.key = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
  }

  /// TLS 1.3 only. A client certificate may be absent; one that is shown must be of `authority`, in
  /// date and made for clients, or the handshake fails.
  func context(trusting authority: Certificate) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: certificates, privateKey: key)
    configuration.minimumTLSVersion = .tlsv13
    configuration.maximumTLSVersion = .tlsv13
    configuration.certificateVerification = .optionalVerification
    configuration.trustRoots = .certificates([
      try NIOSSLCertificate(bytes: authority.der, format: .der)
    ])
    configuration.applicationProtocols = ["http/1.1"]
    // A client that does not answer the closing alert holds up neither others nor a shutdown.
    configuration.shutdownTimeout = .milliseconds(300)
    return try NIOSSLContext(configuration: configuration)
  }
}
