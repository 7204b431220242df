import COpenSSL

/// An extension to be written into a certificate or a revocation list (RFC 5280, 4.2 and 5.2).
struct CertificateExtension {
  private let nid: CInt
  private let isCritical: Bool
  private let value: [UInt8]

  static func authority(pathLength: UInt8?) -> CertificateExtension {
    let length = pathLength.map { [DER.integer(UInt64($0))] } ?? []
    return CertificateExtension(
      nid: NID_basic_constraints, isCritical: true, value: DER.sequence([DER.true] + length))
  }

  static let endEntity = CertificateExtension(
    nid: NID_basic_constraints, isCritical: true, value: DER.sequence([]))

  static func keyUsage(_ usage: KeyUsage) -> CertificateExtension {
    let octets = [
      UInt8(truncatingIfNeeded: usage.rawValue), UInt8(truncatingIfNeeded: usage.rawValue >> 8),
    ]
    return CertificateExtension(
      nid: NID_key_usage, isCritical: true, value: DER.namedBits(octets))
  }

  /// Those of `usage` that have an object identifier here: id-kp 1 to 4 and anyExtendedKeyUsage.
  static func extendedKeyUsage(_ usage: ExtendedKeyUsage) -> CertificateExtension {
    let purposes: [(ExtendedKeyUsage, [UInt8])] = [
      (.serverAuthentication, [0x2B, 6, 1, 5, 5, 7, 3, 1]),
      (.clientAuthentication, [0x2B, 6, 1, 5, 5, 7, 3, 2]),
      (.codeSigning, [0x2B, 6, 1, 5, 5, 7, 3, 3]),
      (.emailProtection, [0x2B, 6, 1, 5, 5, 7, 3, 4]),
      (.any, [0x55, 0x1D, 0x25, 0x00]),
    ]
    let identifiers = purposes.filter { usage.contains($0.0) }.map { DER.objectIdentifier($0.1) }
    return CertificateExtension(
      nid: NID_ext_key_usage, isCritical: false, value: DER.sequence(identifiers))
  }

  static func subjectKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
    CertificateExtension(
      nid: NID_subject_key_identifier, isCritical: false, value: DER.octetString(identifier))
  }

  static func authorityKeyIdentifier(_ identifier: [UInt8]) -> CertificateExtension {
    CertificateExtension(
      nid: NID_authority_key_identifier, isCritical: false,
      value: DER.sequence([DER.context(0, identifier)]))
  }

  static func alternativeNames(_ names: [AlternativeName]) -> CertificateExtension {
    CertificateExtension(
      nid: NID_subject_alt_name, isCritical: false, value: DER.sequence(names.map(\.der)))
  }

  static func revocationListNumber(_ number: UInt64) -> CertificateExtension {
    CertificateExtension(nid: NID_crl_number, isCritical: false, value: DER.integer(number))
  }

  static func revocationReason(_ code: UInt8) -> CertificateExtension {
    CertificateExtension(nid: NID_crl_reason, isCritical: false, value: DER.enumerated(code))
  }

  func withNative(
    _ body: (OpaquePointer) throws(CryptographyError) -> Void
  ) throws(CryptographyError) {
    let octets = try require(ASN1_STRING_type_new(V_ASN1_OCTET_STRING), "ASN1_STRING_type_new")
    defer { ASN1_STRING_free(octets) }
    try check(
      ASN1_STRING_set(octets, value, CInt(clamping: value.count)), "ASN1_STRING_set")
    let created = X509_EXTENSION_create_by_NID(nil, nid, isCritical ? 1 : 0, octets)
    let native = try NativeObject(
      owning: created, release: X509_EXTENSION_free, "X509_EXTENSION_create_by_NID")
    try native.withPointer(body)
  }
}

extension P256.PublicKey {
  /// A key identifier: the leftmost 160 bits of SHA-256 over the point (RFC 7093, 2, method 1).
  func identifier() throws(CryptographyError) -> [UInt8] {
    Array(try sha256(x963).prefix(20))
  }
}
