import COpenSSL

extension CertificateAuthority {
  /// Makes a version 2 revocation list of this authority.
  ///
  /// - Parameters:
  ///   - revocations: every certificate of this authority that is revoked and not yet expired.
  ///   - number: greater than that of every list before.
  ///   - thisUpdate: now, in Unix seconds.
  ///   - nextUpdate: from when the list is no longer believed.
  public func revocationList(
    of revocations: [Revocation], number: UInt64, thisUpdate: Int64, nextUpdate: Int64
  ) throws(CryptographyError) -> RevocationList {
    guard thisUpdate <= nextUpdate else {
      throw CryptographyError(.invalidInput, "RevocationList")
    }
    let list = try NativeObject(
      owning: X509_CRL_new(), release: X509_CRL_free, "X509_CRL_new")
    let extensions: [CertificateExtension] = [
      .authorityKeyIdentifier(try identifier()), .revocationListNumber(number),
    ]
    try list.withPointer { list throws(CryptographyError) in
      try writeFrame(to: list, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
      for revocation in revocations { try revocation.add(to: list) }
      try check(X509_CRL_sort(list), "X509_CRL_sort")
      for entry in extensions {
        try entry.withNative { entry throws(CryptographyError) in
          try check(X509_CRL_add_ext(list, entry, -1), "X509_CRL_add_ext")
        }
      }
      try key.key.withPointer { key throws(CryptographyError) in
        let size = X509_CRL_sign(list, key, try Hash.sha256.algorithm())
        try check(size > 0 ? 1 : 0, "X509_CRL_sign")
      }
    }
    return try RevocationList(der: list.encode("i2d_X509_CRL", with: i2d_X509_CRL))
  }

  private func writeFrame(
    to list: OpaquePointer, thisUpdate: Int64, nextUpdate: Int64
  ) throws(CryptographyError) {
    // Version 2 is written as 1.
    try check(X509_CRL_set_version(list, 1), "X509_CRL_set_version")
    try certificate.subject.withNative { name throws(CryptographyError) in
      try check(X509_CRL_set_issuer_name(list, name), "X509_CRL_set_issuer_name")
    }
    try ASN1Values.withTime(thisUpdate) { time throws(CryptographyError) in
      try check(X509_CRL_set1_lastUpdate(list, time), "X509_CRL_set1_lastUpdate")
    }
    try ASN1Values.withTime(nextUpdate) { time throws(CryptographyError) in
      try check(X509_CRL_set1_nextUpdate(list, time), "X509_CRL_set1_nextUpdate")
    }
  }
}

extension Revocation {
  fileprivate func add(to list: OpaquePointer) throws(CryptographyError) {
    let entry = try require(X509_REVOKED_new(), "X509_REVOKED_new")
    do throws(CryptographyError) {
      try write(to: entry)
      // From here on the list owns the entry.
      try check(X509_CRL_add0_revoked(list, entry), "X509_CRL_add0_revoked")
    } catch {
      X509_REVOKED_free(entry)
      throw error
    }
  }

  private func write(to entry: OpaquePointer) throws(CryptographyError) {
    guard (1...20).contains(serial.count), let first = serial.first, first != 0 else {
      throw CryptographyError(.invalidInput, "Revocation")
    }
    let number = try require(ASN1_STRING_type_new(V_ASN1_INTEGER), "ASN1_STRING_type_new")
    defer { ASN1_STRING_free(number) }
    try check(ASN1_STRING_set(number, serial, CInt(serial.count)), "ASN1_STRING_set")
    try check(X509_REVOKED_set_serialNumber(entry, number), "X509_REVOKED_set_serialNumber")
    try ASN1Values.withTime(date) { time throws(CryptographyError) in
      // The function copies, though its parameter is not const.
      let time = UnsafeMutablePointer(mutating: time)
      try check(
        X509_REVOKED_set_revocationDate(entry, time), "X509_REVOKED_set_revocationDate")
    }
    // An unspecified reason is written by leaving it out (RFC 5280, 5.3.1).
    guard let reason, reason != .unspecified else { return }
    try CertificateExtension.revocationReason(reason.rawValue).withNative {
      code throws(CryptographyError) in
      try check(X509_REVOKED_add_ext(entry, code, -1), "X509_REVOKED_add_ext")
    }
  }
}
