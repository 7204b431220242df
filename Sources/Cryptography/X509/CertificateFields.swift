import COpenSSL

/// What `Certificate` shows, read once from libcrypto's object.
struct CertificateFields {
  let serial: [UInt8]
  let subject: DistinguishedName
  let issuer: DistinguishedName
  let validity: Validity
  let spki: [UInt8]
  let keyUsage: KeyUsage?
  let extendedKeyUsage: ExtendedKeyUsage?
  let subjectKeyIdentifier: [UInt8]?
  let authorityKeyIdentifier: [UInt8]?
  let isAuthority: Bool
  let pathLength: Int?

  init(reading certificate: OpaquePointer) throws(CryptographyError) {
    serial = try ASN1Values.positive(X509_get0_serialNumber(certificate))
    subject = try DistinguishedName(reading: X509_get_subject_name(certificate))
    issuer = try DistinguishedName(reading: X509_get_issuer_name(certificate))
    validity = Validity(
      notBefore: try ASN1Values.unixSeconds(X509_get0_notBefore(certificate)),
      notAfter: try ASN1Values.unixSeconds(X509_get0_notAfter(certificate)))
    spki = try encoded(
      X509_get_X509_PUBKEY(certificate), "i2d_X509_PUBKEY", with: i2d_X509_PUBKEY)
    // Reads and caches the extensions, which later readers on other threads then only look at.
    let flags = X509_get_extension_flags(certificate)
    guard flags & UInt32(EXFLAG_INVALID) == 0 else {
      throw .native("X509_get_extension_flags", as: .malformed)
    }
    isAuthority = flags & UInt32(EXFLAG_CA) != 0
    let pathLength = X509_get_pathlen(certificate)
    self.pathLength = isAuthority && pathLength >= 0 ? pathLength : nil
    keyUsage = Self.restricted(X509_get_key_usage(certificate)).map(KeyUsage.init)
    extendedKeyUsage =
      Self.restricted(X509_get_extended_key_usage(certificate)).map(ExtendedKeyUsage.init)
    subjectKeyIdentifier = X509_get0_subject_key_id(certificate).map(ASN1Values.bytes)
    authorityKeyIdentifier = X509_get0_authority_key_id(certificate).map(ASN1Values.bytes)
  }

  /// All bits set is libcrypto's word for an extension that is absent.
  private static func restricted(_ bits: UInt32) -> UInt32? { bits == .max ? nil : bits }
}
