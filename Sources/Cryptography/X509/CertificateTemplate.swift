import COpenSSL

/// What an authority signs: a version 3 certificate but for the signature.
struct CertificateTemplate {
  let serial: [UInt8]
  let issuer: DistinguishedName
  let subject: DistinguishedName
  let validity: Validity
  let publicKey: P256.PublicKey
  let extensions: [CertificateExtension]

  /// ECDSA with SHA-256.
  func signed(by key: P256.PrivateKey) throws(CryptographyError) -> Certificate {
    let certificate = try NativeObject(owning: X509_new(), release: X509_free, "X509_new")
    try certificate.withPointer { certificate throws(CryptographyError) in
      try writeFields(to: certificate)
      for entry in extensions {
        try entry.withNative { entry throws(CryptographyError) in
          try check(X509_add_ext(certificate, entry, -1), "X509_add_ext")
        }
      }
      try key.key.withPointer { key throws(CryptographyError) in
        let size = X509_sign(certificate, key, try Hash.sha256.algorithm())
        try check(size > 0 ? 1 : 0, "X509_sign")
      }
    }
    return try Certificate(der: certificate.encode("i2d_X509", with: i2d_X509))
  }

  private func writeFields(to certificate: OpaquePointer) throws(CryptographyError) {
    guard validity.notBefore <= validity.notAfter, (1...20).contains(serial.count),
      let first = serial.first, (1...0x7F).contains(first)
    else { throw CryptographyError(.invalidInput, "CertificateAuthority") }
    // Version 3 is written as 2.
    try check(X509_set_version(certificate, 2), "X509_set_version")
    let number = X509_get_serialNumber(certificate)
    try check(ASN1_STRING_set(number, serial, CInt(serial.count)), "ASN1_STRING_set")
    try issuer.withNative { name throws(CryptographyError) in
      try check(X509_set_issuer_name(certificate, name), "X509_set_issuer_name")
    }
    try subject.withNative { name throws(CryptographyError) in
      try check(X509_set_subject_name(certificate, name), "X509_set_subject_name")
    }
    try ASN1Values.withTime(validity.notBefore) { time throws(CryptographyError) in
      try check(X509_set1_notBefore(certificate, time), "X509_set1_notBefore")
    }
    try ASN1Values.withTime(validity.notAfter) { time throws(CryptographyError) in
      try check(X509_set1_notAfter(certificate, time), "X509_set1_notAfter")
    }
    try publicKey.key.withPointer { key throws(CryptographyError) in
      try check(X509_set_pubkey(certificate, key), "X509_set_pubkey")
    }
  }
}
