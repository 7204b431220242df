import COpenSSL

/// A certificate revocation list (RFC 5280, 5). Reading one says nothing about whether to trust it:
/// ask `isSigned(by:)`, or give it to a `TrustStore`.
public final class RevocationList: Sendable {
  private static let labels = ["X509 CRL"]

  let native: NativeObject
  public let der: [UInt8]
  public let issuer: DistinguishedName
  /// When it was made and until when the next one comes, in Unix seconds.
  public let thisUpdate: Int64
  public let nextUpdate: Int64
  /// Grows with each list of an issuer. Nil where absent or over 64 bits.
  public let number: UInt64?
  /// How many certificates it revokes.
  public let count: Int

  /// Throws `malformed` for anything but one list in DER, and for one without `nextUpdate` (RFC 5280,
  /// 5.1.2.5) or with an unreadable entry.
  public init(der: [UInt8]) throws(CryptographyError) {
    native = try NativeObject.decodeDER(
      der, "d2i_X509_CRL", release: X509_CRL_free, with: d2i_X509_CRL, checkedBy: i2d_X509_CRL)
    self.der = der
    let fields = try native.withPointer { list throws(CryptographyError) in
      try RevocationListFields(reading: list)
    }
    issuer = fields.issuer
    thisUpdate = fields.thisUpdate
    nextUpdate = fields.nextUpdate
    number = fields.number
    count = fields.count
  }

  /// Reads the only X509 CRL block of a text.
  public convenience init(pem: [UInt8]) throws(CryptographyError) {
    try self.init(der: PEM.content(of: Self.labels, in: pem))
  }

  public var pem: String { PEM.text("X509 CRL", der) }

  /// The entry of the certificate with this serial number, in a time that grows with the logarithm of
  /// the list's size.
  public func revocation(ofSerial serial: [UInt8]) throws(CryptographyError) -> Revocation? {
    guard !serial.isEmpty else { return nil }
    return try native.withPointer { list throws(CryptographyError) in
      let wanted = try require(ASN1_STRING_type_new(V_ASN1_INTEGER), "ASN1_STRING_type_new")
      defer { ASN1_STRING_free(wanted) }
      try check(ASN1_STRING_set(wanted, serial, CInt(clamping: serial.count)), "ASN1_STRING_set")
      var entry: OpaquePointer?
      // 2 is an entry that lifts an earlier one (removeFromCRL).
      guard X509_CRL_get0_by_serial(list, &entry, wanted) == 1, let entry else { return nil }
      return try Revocation(reading: entry)
    }
  }

  /// Whether this authority's key made the list. Its times are not looked at.
  public func isSigned(by authority: Certificate) throws(CryptographyError) -> Bool {
    guard authority.subject == issuer else { return false }
    return try native.withPointer { list throws(CryptographyError) in
      try authority.native.withPointer { authority throws(CryptographyError) in
        let result = X509_CRL_verify(list, X509_get0_pubkey(authority))
        if result != 1 { ERR_clear_error() }
        return result == 1
      }
    }
  }
}

/// What `RevocationList` shows, read once from libcrypto's object.
private struct RevocationListFields {
  let issuer: DistinguishedName
  let thisUpdate: Int64
  let nextUpdate: Int64
  let number: UInt64?
  let count: Int

  init(reading list: OpaquePointer) throws(CryptographyError) {
    issuer = try DistinguishedName(reading: X509_CRL_get_issuer(list))
    thisUpdate = try ASN1Values.unixSeconds(X509_CRL_get0_lastUpdate(list))
    nextUpdate = try ASN1Values.unixSeconds(X509_CRL_get0_nextUpdate(list))
    number = Self.number(of: list)
    let entries = X509_CRL_get_REVOKED(list)
    let entryCount = entries == nil ? 0 : OPENSSL_sk_num(entries)
    count = Int(max(entryCount, 0))
    for index in 0..<max(entryCount, 0) {
      let entry = OpaquePointer(OPENSSL_sk_value(entries, index))
      _ = try Revocation(reading: require(entry, "OPENSSL_sk_value"))
    }
    sort(list)
  }

  private static func number(of list: OpaquePointer) -> UInt64? {
    guard let value = X509_CRL_get_ext_d2i(list, NID_crl_number, nil, nil) else { return nil }
    let integer = value.assumingMemoryBound(to: ASN1_INTEGER.self)
    defer { ASN1_INTEGER_free(integer) }
    var number: UInt64 = 0
    guard ASN1_INTEGER_get_uint64(&number, integer) == 1 else {
      ERR_clear_error()
      return nil
    }
    return number
  }

  /// The first look-up sorts the entries; later ones, from any thread, only read.
  private func sort(_ list: OpaquePointer) {
    guard let serial = ASN1_STRING_type_new(V_ASN1_INTEGER) else { return }
    defer { ASN1_STRING_free(serial) }
    var entry: OpaquePointer?
    X509_CRL_get0_by_serial(list, &entry, serial)
  }
}

extension Revocation {
  fileprivate init(reading entry: OpaquePointer) throws(CryptographyError) {
    self.init(
      serial: try ASN1Values.positive(X509_REVOKED_get0_serialNumber(entry)),
      date: try ASN1Values.unixSeconds(X509_REVOKED_get0_revocationDate(entry)),
      reason: Self.reason(of: entry))
  }

  private static func reason(of entry: OpaquePointer) -> RevocationReason? {
    guard let value = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nil, nil) else { return nil }
    let enumerated = value.assumingMemoryBound(to: ASN1_ENUMERATED.self)
    defer { ASN1_ENUMERATED_free(enumerated) }
    return UInt8(exactly: ASN1_ENUMERATED_get(enumerated)).flatMap(RevocationReason.init)
  }
}
