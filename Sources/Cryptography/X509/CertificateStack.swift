import COpenSSL

/// A STACK_OF(X509) that owns a reference to each of its certificates.
struct CertificateStack: ~Copyable {
  private let stack: OpaquePointer

  init(owning stack: OpaquePointer) {
    self.stack = stack
  }

  static func of(_ certificates: [Certificate]) throws(CryptographyError) -> CertificateStack {
    let new = CertificateStack(
      owning: try require(OPENSSL_sk_new_null(), "OPENSSL_sk_new_null"))
    for certificate in certificates {
      try certificate.native.withPointer { certificate throws(CryptographyError) in
        guard OPENSSL_sk_push(new.stack, UnsafeRawPointer(certificate)) > 0 else {
          throw .native("OPENSSL_sk_push")
        }
        X509_up_ref(certificate)
      }
    }
    return new
  }

  deinit {
    OPENSSL_sk_pop_free(stack) { X509_free(OpaquePointer($0)) }
  }

  func withPointer<Result, Failure: Error>(
    _ body: (OpaquePointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(stack)
  }

  /// The certificates in a stack that someone else owns.
  static func certificates(
    in stack: OpaquePointer?
  ) throws(CryptographyError) -> [Certificate] {
    var certificates: [Certificate] = []
    for index in 0..<max(OPENSSL_sk_num(stack), 0) {
      let native = OpaquePointer(OPENSSL_sk_value(stack, index))
      certificates.append(try Certificate(der: encoded(native, "i2d_X509", with: i2d_X509)))
    }
    return certificates
  }

  /// As `certificates(in:)`, without those that cannot be read.
  static func readableCertificates(in stack: OpaquePointer?) -> [Certificate] {
    var certificates: [Certificate] = []
    for index in 0..<max(OPENSSL_sk_num(stack), 0) {
      let native = OpaquePointer(OPENSSL_sk_value(stack, index))
      if let der = try? encoded(native, "i2d_X509", with: i2d_X509),
        let certificate = try? Certificate(der: der)
      {
        certificates.append(certificate)
      }
    }
    return certificates
  }
}
