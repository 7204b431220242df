import COpenSSL

/// What a PKCS#12 file holds: one private key, its certificate, and further certificates.
struct PKCS12Content: ~Copyable {
  let certificate: Certificate
  let chain: [Certificate]
  let key: NativeObject

  static func read(
    _ file: [UInt8], passphrase: SecretBytes
  ) throws(CryptographyError) -> PKCS12Content {
    guard file.count <= PEM.maximumByteCount else {
      throw CryptographyError(.malformed, "d2i_PKCS12")
    }
    let container = try NativeObject.decode(
      file, "d2i_PKCS12", release: PKCS12_free, with: d2i_PKCS12)
    // A zero byte would end the passphrase early.
    guard passphrase.withUnsafeBytes({ !$0.contains(0) }) else {
      throw CryptographyError(.decryptionFailed, "PKCS12_verify_mac")
    }
    let terminated = SecretBytes(concatenating: [passphrase, SecretBytes([0])])
    var key: OpaquePointer?
    var leaf: OpaquePointer?
    var others: OpaquePointer?
    try container.withPointer { container throws(CryptographyError) in
      try terminated.withUnsafeBytes { passphrase throws(CryptographyError) in
        let passphrase = passphrase.assumingMemoryBound(to: CChar.self).baseAddress
        var budget = DerivationBudget()
        try budget.spend(onAuthenticationOf: container)
        try checkPassphrase(of: container, passphrase)
        try PKCS12Safes.spend(&budget, on: container, passphrase)
        guard PKCS12_parse(container, passphrase, &key, &leaf, &others) == 1 else {
          throw self.error("PKCS12_parse")
        }
      }
    }
    defer {
      X509_free(leaf)
      OPENSSL_sk_pop_free(others) { X509_free(OpaquePointer($0)) }
    }
    let owned = try NativeObject(
      owning: key, release: EVP_PKEY_free, "PKCS12_parse", as: .invalidInput)
    let certificate = try require(leaf, "PKCS12_parse", as: .invalidInput)
    return PKCS12Content(
      certificate: try Certificate(der: encoded(certificate, "i2d_X509", with: i2d_X509)),
      chain: try CertificateStack.certificates(in: others), key: owned)
  }

  private static func checkPassphrase(
    of container: OpaquePointer, _ passphrase: UnsafePointer<CChar>?
  ) throws(CryptographyError) {
    guard PKCS12_mac_present(container) == 1 else { return }
    guard PKCS12_verify_mac(container, passphrase, -1) == 1 else {
      throw error("PKCS12_verify_mac")
    }
  }

  static func error(_ operation: String) -> CryptographyError {
    let error = CryptographyError.native(operation, as: .decryptionFailed)
    // ERR_GET_REASON and ERR_R_UNSUPPORTED, neither of which Swift imports.
    let isUnsupported = error.nativeCodes.contains { $0 & 0x7F_FFFF == 0x8_010C }
    guard isUnsupported else { return error }
    return CryptographyError(.unsupported, operation, nativeCodes: error.nativeCodes)
  }
}
