import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import SmartOTP

extension CenterServiceError {
  /// What a failure of the HTTP client means. Its own texts hold no request.
  init(transport error: any Error) {
    switch error {
    case let error as CenterServiceError: self = error
    case is CancellationError: self = .cancelled
    case let error as HTTPClientError: self.init(error)
    case let error as NIOConnectionError: self.init(error)
    case let error as NIOSSLError: self.init(error)
    case let error as BoringSSLError: self = .tlsRefused(TLSRefusal(reading: "\(error)"))
    case let error as NIOSSLExtraError: self = .tlsRefused(TLSRefusal(error))
    case let error as IOError: self = .interrupted(Self.reason(error))
    case let error as ChannelError: self.init(error)
    case is NIOTooManyBytesError: self = .malformedAnswer("it is too long")
    default: self = .interrupted("\(type(of: error))")
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .cancelled: self = .cancelled
    case .connectTimeout: self = .unreachable("no connection within the time")
    case .deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout,
      .writeTimeout:
      self = .timedOut
    case .remoteConnectionClosed: self = .interrupted("it was closed")
    default: self = .interrupted(error.description)
    }
  }

  private init(_ error: ChannelError) {
    switch error {
    case .connectTimeout: self = .unreachable("no connection within the time")
    default: self = .interrupted("it was closed")
    }
  }

  private init(_ error: NIOConnectionError) {
    let tried = error.connectionErrors.last?.error
    if let tried = tried as? IOError {
      self = .unreachable(Self.reason(tried))
    } else if let tried {
      if case .connectTimeout? = tried as? ChannelError {
        self = .unreachable("no connection within the time")
      } else {
        self = .unreachable("\(type(of: tried))")
      }
    } else {
      self = .unreachable("no host of this name: \(error.host)")
    }
  }

  private init(_ error: NIOSSLError) {
    switch error {
    case .handshakeFailed(let reason): self = .tlsRefused(TLSRefusal(reading: "\(reason)"))
    case .uncleanShutdown: self = .interrupted("it was closed")
    case .failedToLoadCertificate: self = .tlsRefused(.other("a certificate cannot be read"))
    case .failedToLoadPrivateKey: self = .tlsRefused(.other("the private key cannot be read"))
    case .unableToValidateCertificate: self = .tlsRefused(.centerNotTrusted)
    default: self = .tlsRefused(.other("\(error)"))
    }
  }

  private static func reason(_ error: IOError) -> String {
    String(cString: strerror(error.errnoCode))
  }
}

extension TLSRefusal {
  fileprivate init(_ error: NIOSSLExtraError) {
    switch error {
    case .failedToValidateHostname, .serverHostnameImpossibleToMatch: self = .centerNameMismatch
    default: self = .other(error.description)
    }
  }

  /// From the TLS library's own words: it has no codes for these.
  init(reading text: String) {
    let known: [(String, TLSRefusal)] = [
      ("ALERT_CERTIFICATE_EXPIRED", .identityExpired),
      ("ALERT_CERTIFICATE_REVOKED", .identityRevoked),
      ("ALERT_UNKNOWN_CA", .identityNotAccepted),
      ("ALERT_BAD_CERTIFICATE", .identityNotAccepted),
      ("ALERT_UNSUPPORTED_CERTIFICATE", .identityNotAccepted),
      ("ALERT_CERTIFICATE_UNKNOWN", .identityNotAccepted),
      ("ALERT_DECRYPT_ERROR", .identityNotAccepted),
      ("ALERT_CERTIFICATE_REQUIRED", .identityNotAccepted),
      ("ALERT_PROTOCOL_VERSION", .protocolVersion),
      ("UNSUPPORTED_PROTOCOL", .protocolVersion),
      ("WRONG_VERSION_NUMBER", .protocolVersion),
      ("HTTP_REQUEST", .protocolVersion),
      ("CERTIFICATE_VERIFY_FAILED", .centerNotTrusted),
    ]
    self = known.first { text.contains($0.0) }?.1 ?? .other(text)
  }
}
