import COpenSSL

/// A request for a certificate (PKCS#10, RFC 2986) for a key on P-256, signed with ECDSA and SHA-256.
///
/// Whoever holds a value knows that the requester has the private key: a request that does not prove
/// it cannot be made into one. Attributes, and so the extensions asked for, are not looked at: what a
/// certificate says is the authority's decision.
public final class CertificateRequest: Sendable {
  private static let labels = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"]

  public let der: [UInt8]
  public let subject: DistinguishedName
  public let publicKey: P256.PublicKey

  /// Makes and signs a request.
  public convenience init(
    key: P256.PrivateKey, subject: DistinguishedName
  ) throws(CryptographyError) {
    let request = try NativeObject(
      owning: X509_REQ_new(), release: X509_REQ_free, "X509_REQ_new")
    try request.withPointer { request throws(CryptographyError) in
      try check(X509_REQ_set_version(request, 0), "X509_REQ_set_version")
      try subject.withNative { name throws(CryptographyError) in
        try check(X509_REQ_set_subject_name(request, name), "X509_REQ_set_subject_name")
      }
      try key.key.withPointer { key throws(CryptographyError) in
        try check(X509_REQ_set_pubkey(request, key), "X509_REQ_set_pubkey")
        let size = X509_REQ_sign(request, key, try Hash.sha256.algorithm())
        try check(size > 0 ? 1 : 0, "X509_REQ_sign")
      }
    }
    try self.init(der: request.encode("i2d_X509_REQ", with: i2d_X509_REQ))
  }

  /// Throws `malformed` for anything but one request in DER, `invalidKey` for another kind of key, and
  /// `badSignature` for another algorithm or a signature that its own key did not make.
  public init(der: [UInt8]) throws(CryptographyError) {
    let request = try NativeObject.decodeDER(
      der, "d2i_X509_REQ", release: X509_REQ_free, with: d2i_X509_REQ, checkedBy: i2d_X509_REQ)
    self.der = der
    (subject, publicKey) = try request.withPointer { request throws(CryptographyError) in
      let subject = try DistinguishedName(reading: X509_REQ_get_subject_name(request))
      let spki = try encoded(
        X509_REQ_get_X509_PUBKEY(request), "i2d_X509_PUBKEY", with: i2d_X509_PUBKEY)
      let key = try P256.PublicKey(spki: spki)
      try Self.checkSignature(of: request, by: key)
      return (subject, key)
    }
  }

  /// Reads the only CERTIFICATE REQUEST block of a text.
  public convenience init(pem: [UInt8]) throws(CryptographyError) {
    try self.init(der: PEM.content(of: Self.labels, in: pem))
  }

  public var pem: String { PEM.text("CERTIFICATE REQUEST", der) }

  private static func checkSignature(
    of request: OpaquePointer, by key: P256.PublicKey
  ) throws(CryptographyError) {
    guard X509_REQ_get_signature_nid(request) == NID_ecdsa_with_SHA256 else {
      throw CryptographyError(.badSignature, "X509_REQ_get_signature_nid")
    }
    try key.key.withPointer { key throws(CryptographyError) in
      try check(X509_REQ_verify(request, key), "X509_REQ_verify", as: .badSignature)
    }
  }
}
