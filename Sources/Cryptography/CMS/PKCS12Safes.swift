import COpenSSL

/// The ciphers inside a PKCS#12 file, which name the work that each takes.
enum PKCS12Safes {
  /// Files have one safe in another at most.
  private static let maximumDepth = 4

  /// Goes through all that `PKCS12_parse` would decrypt, each cipher only once it is known to be
  /// affordable.
  static func spend(
    _ budget: inout DerivationBudget, on container: OpaquePointer,
    _ passphrase: UnsafePointer<CChar>?
  ) throws(CryptographyError) {
    guard let safes = PKCS12_unpack_authsafes(container) else {
      throw .native("PKCS12_unpack_authsafes", as: .malformed)
    }
    defer { OPENSSL_sk_pop_free(safes) { PKCS7_free($0?.assumingMemoryBound(to: PKCS7.self)) } }
    for index in 0..<max(OPENSSL_sk_num(safes), 0) {
      guard let safe = OPENSSL_sk_value(safes, index)?.assumingMemoryBound(to: PKCS7.self) else {
        continue
      }
      guard let bags = try bags(in: safe, passphrase, &budget) else { continue }
      defer { OPENSSL_sk_pop_free(bags) { PKCS12_SAFEBAG_free(OpaquePointer($0)) } }
      try spend(&budget, on: bags, depth: 0)
    }
  }

  private static func bags(
    in safe: UnsafeMutablePointer<PKCS7>, _ passphrase: UnsafePointer<CChar>?,
    _ budget: inout DerivationBudget
  ) throws(CryptographyError) -> OpaquePointer? {
    switch OBJ_obj2nid(safe.pointee.type) {
    case NID_pkcs7_data:
      guard let bags = PKCS12_unpack_p7data(safe) else {
        throw .native("PKCS12_unpack_p7data", as: .malformed)
      }
      return bags
    case NID_pkcs7_encrypted:
      guard let content = safe.pointee.d.encrypted?.pointee.enc_data else {
        throw CryptographyError(.malformed, "PKCS12_unpack_p7encdata")
      }
      try budget.spend(on: content.pointee.algorithm)
      guard let bags = PKCS12_unpack_p7encdata(safe, passphrase, -1) else {
        throw PKCS12Content.error("PKCS12_unpack_p7encdata")
      }
      return bags
    default: return nil
    }
  }

  private static func spend(
    _ budget: inout DerivationBudget, on bags: OpaquePointer?, depth: Int
  ) throws(CryptographyError) {
    guard depth < maximumDepth else { throw CryptographyError(.malformed, "PKCS12_SAFEBAG") }
    for index in 0..<max(OPENSSL_sk_num(bags), 0) {
      let bag = OpaquePointer(OPENSSL_sk_value(bags, index))
      switch PKCS12_SAFEBAG_get_nid(bag) {
      case NID_pkcs8ShroudedKeyBag:
        var algorithm: UnsafePointer<X509_ALGOR>?
        X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nil)
        try budget.spend(on: algorithm)
      case NID_safeContentsBag:
        try spend(&budget, on: PKCS12_SAFEBAG_get0_safes(bag), depth: depth + 1)
      default: break
      }
    }
  }
}
