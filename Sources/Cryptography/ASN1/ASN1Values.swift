import COpenSSL
import Glibc

/// What libcrypto keeps in its primitive ASN.1 types, as Swift values. All pointers are borrowed.
enum ASN1Values {
  /// The content bytes; of an integer, its magnitude, big endian.
  static func bytes(_ string: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    guard let string, let start = ASN1_STRING_get0_data(string) else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string))))
  }

  /// The magnitude of a positive integer without leading zeros, big endian. Throws `malformed` for
  /// zero and negative ones (RFC 5280, 4.1.2.2).
  static func positive(
    _ integer: UnsafePointer<ASN1_INTEGER>?
  ) throws(CryptographyError) -> [UInt8] {
    let magnitude = bytes(integer)
    guard let integer, ASN1_STRING_type(integer) == V_ASN1_INTEGER,
      magnitude.contains(where: { $0 != 0 })
    else { throw CryptographyError(.malformed, "ASN1_INTEGER") }
    return Array(magnitude.drop { $0 == 0 })
  }

  static func text(_ string: UnsafePointer<ASN1_STRING>?) throws(CryptographyError) -> String {
    var start: UnsafeMutablePointer<UInt8>?
    let count = ASN1_STRING_to_UTF8(&start, string)
    guard count >= 0, let start else { throw .native("ASN1_STRING_to_UTF8", as: .malformed) }
    defer { CRYPTO_free(start, nil, 0) }
    return String(decoding: UnsafeBufferPointer(start: start, count: Int(count)), as: UTF8.self)
  }

  /// Seconds since 1970, UTC.
  static func unixSeconds(
    _ time: UnsafePointer<ASN1_TIME>?
  ) throws(CryptographyError) -> Int64 {
    var parts = tm()
    // Without a time libcrypto would answer with the present.
    guard let time else { throw CryptographyError(.malformed, "ASN1_TIME_to_tm") }
    try check(ASN1_TIME_to_tm(time, &parts), "ASN1_TIME_to_tm", as: .malformed)
    return Int64(timegm(&parts))
  }

  /// Dotted decimal, for instance `2.5.4.3`.
  static func objectIdentifier(_ object: OpaquePointer?) -> String {
    var text = [CChar](repeating: 0, count: 256)
    let count = OBJ_obj2txt(&text, CInt(text.count), object, 1)
    guard count > 0 else { return "" }
    return String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A time for a certificate: UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5).
  static func withTime<Result>(
    _ unixSeconds: Int64,
    _ body: (UnsafePointer<ASN1_TIME>) throws(CryptographyError) -> Result
  ) throws(CryptographyError) -> Result {
    // Years 1970 to 9999.
    guard (0...253_402_300_799).contains(unixSeconds) else {
      throw CryptographyError(.invalidInput, "ASN1_TIME_set")
    }
    let time = try require(ASN1_TIME_set(nil, time_t(unixSeconds)), "ASN1_TIME_set")
    defer { ASN1_TIME_free(time) }
    return try body(time)
  }
}
