import COpenSSL

/// What a certificate is to be used for.
public enum CertificatePurpose: Sendable {
  /// A TLS client, or server.
  case clientAuthentication, serverAuthentication
  /// Signed messages: as `openssl cms -verify` asks, an extended key usage, if any, must have email
  /// protection, and a key usage, if any, digital signatures or non-repudiation.
  case messageSigning
  /// Whatever the certificate says.
  case any

  fileprivate var native: CInt {
    switch self {
    case .clientAuthentication: X509_PURPOSE_SSL_CLIENT
    case .serverAuthentication: X509_PURPOSE_SSL_SERVER
    case .messageSigning: X509_PURPOSE_SMIME_SIGN
    case .any: X509_PURPOSE_ANY
    }
  }
}

/// A path from a certificate to a trusted root that was valid at one time (RFC 5280, 6). There is no
/// other way to get a value than that validation.
public struct CertificateChain: Sendable {
  /// The most certificates offered for a path; more are refused as `malformed`.
  public static let maximumIntermediateCount = 256
  /// The most authorities between leaf and root.
  private static let maximumDepth: CInt = 8
  /// 112 bits: RSA-2048, SHA-224 and better.
  private static let securityLevel: CInt = 2

  /// The leaf first, the root last.
  public let certificates: [Certificate]
  public var leaf: Certificate { certificates[0] }
  public var root: Certificate { certificates[certificates.count - 1] }

  /// Finds and validates the path.
  ///
  /// - Parameters:
  ///   - leaf: the certificate in question.
  ///   - intermediates: what came along with it, in any order; not believed by itself.
  ///   - unixSeconds: the time at which certificates and revocation lists must be valid. The
  ///     last second, notAfter or nextUpdate itself, counts as past, as libcrypto has it.
  public init(
    of leaf: Certificate, intermediates: [Certificate] = [], to store: TrustStore,
    at unixSeconds: Int64, for purpose: CertificatePurpose
  ) throws(ChainError) {
    let candidates = intermediates + store.intermediates
    guard candidates.count <= Self.maximumIntermediateCount else {
      throw ChainError(nativeCode: X509_V_ERR_INVALID_EXTENSION, depth: 0)
    }
    var failures = ChainFailures()
    do throws(CryptographyError) {
      let path = try CertificateStack.of(candidates)
      // libcrypto's context only borrows what it is given, so all of it is held until the end.
      certificates = try store.native.withPointer { native throws(CryptographyError) in
        try leaf.native.withPointer { leaf throws(CryptographyError) in
          try path.withPointer { path throws(CryptographyError) in
            let context = try NativeObject(
              owning: X509_STORE_CTX_new(), release: X509_STORE_CTX_free, "X509_STORE_CTX_new")
            return try context.withPointer { context throws(CryptographyError) in
              try check(X509_STORE_CTX_init(context, native, leaf, path), "X509_STORE_CTX_init")
              try Self.restrict(context, flags: store.flags, unixSeconds, purpose)
              return try failures.collect(from: context)
            }
          }
        }
      }
    } catch {
      throw ChainError(nativeCode: X509_V_ERR_UNSPECIFIED, depth: 0)
    }
    if let worst = failures.worst { throw worst }
  }

  private static func restrict(
    _ context: OpaquePointer, flags: CUnsignedLong, _ unixSeconds: Int64,
    _ purpose: CertificatePurpose
  ) throws(CryptographyError) {
    let parameters = try require(X509_STORE_CTX_get0_param(context), "X509_STORE_CTX_get0_param")
    try check(X509_VERIFY_PARAM_set_flags(parameters, flags), "X509_VERIFY_PARAM_set_flags")
    try check(
      X509_VERIFY_PARAM_set_purpose(parameters, purpose.native), "X509_VERIFY_PARAM_set_purpose")
    X509_VERIFY_PARAM_set_time(parameters, time_t(unixSeconds))
    X509_VERIFY_PARAM_set_depth(parameters, maximumDepth)
    X509_VERIFY_PARAM_set_auth_level(parameters, securityLevel)
  }
}
