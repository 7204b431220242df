import COpenSSL

/// The roots that are believed, and the revocation lists at hand. Made once and used for every chain,
/// from any thread.
public final class TrustStore: Sendable {
  /// Which certificates of a chain need an issuer's revocation list.
  public enum RevocationChecking: Sendable {
    case none, leaf, wholeChain
  }

  let native: NativeObject
  let intermediates: [Certificate]
  let revocationChecking: RevocationChecking

  /// - Parameters:
  ///   - roots: self-signed certificates; without any, every chain is untrusted.
  ///   - intermediates: authorities that may be part of a path and are not believed by themselves.
  ///   - revocationLists: of any issuers, of which those in force are used.
  ///   - revocationChecking: by default, for the whole chain.
  public init(
    roots: [Certificate], intermediates: [Certificate] = [],
    revocationLists: [RevocationList] = [], revocationChecking: RevocationChecking = .wholeChain
  ) throws(CryptographyError) {
    native = try NativeObject(
      owning: X509_STORE_new(), release: X509_STORE_free, "X509_STORE_new")
    self.intermediates = intermediates
    self.revocationChecking = revocationChecking
    try native.withPointer { store throws(CryptographyError) in
      for root in roots {
        try root.native.withPointer { root throws(CryptographyError) in
          try check(X509_STORE_add_cert(store, root), "X509_STORE_add_cert")
        }
      }
      for list in revocationLists {
        try list.native.withPointer { list throws(CryptographyError) in
          try check(X509_STORE_add_crl(store, list), "X509_STORE_add_crl")
        }
      }
    }
  }

  var flags: CUnsignedLong {
    switch revocationChecking {
    case .none: 0
    case .leaf: CUnsignedLong(X509_V_FLAG_CRL_CHECK)
    case .wholeChain: CUnsignedLong(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
    }
  }
}
