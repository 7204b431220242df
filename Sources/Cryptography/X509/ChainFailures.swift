import COpenSSL

/// Everything that libcrypto finds wrong with a chain, rather than the first thing only: which comes
/// first depends on its inner order.
struct ChainFailures {
  private(set) var worst: ChainError?

  /// Validates, and gives back the path, leaf first, where nothing was found.
  mutating func collect(from context: OpaquePointer) throws(CryptographyError) -> [Certificate] {
    let isValid = withUnsafeMutablePointer(to: &self) { failures in
      X509_STORE_CTX_set_ex_data(context, 0, failures) == 1
        && {
          X509_STORE_CTX_set_verify_cb(context, keepGoing)
          return X509_verify_cert(context) == 1
        }()
    }
    ERR_clear_error()
    if !isValid { note(X509_STORE_CTX_get_error(context), depth: 0) }
    guard worst == nil else { return [] }
    return try CertificateStack.certificates(in: X509_STORE_CTX_get0_chain(context))
  }

  fileprivate mutating func note(_ code: Int32, depth: Int32) {
    // Without success there is always a reason, even where libcrypto gives none.
    let code = code == X509_V_OK ? X509_V_ERR_UNSPECIFIED : code
    let found = ChainError(nativeCode: code, depth: Int(depth))
    guard let worst else {
      self.worst = found
      return
    }
    if (found.reason, found.depth) < (worst.reason, worst.depth) { self.worst = found }
  }
}

/// libcrypto's callback: keeps what was found and lets the validation go on.
private func keepGoing(isValid: CInt, context: OpaquePointer?) -> CInt {
  guard isValid != 1, let kept = X509_STORE_CTX_get_ex_data(context, 0) else { return isValid }
  kept.assumingMemoryBound(to: ChainFailures.self).pointee
    .note(X509_STORE_CTX_get_error(context), depth: X509_STORE_CTX_get_error_depth(context))
  return 1
}
