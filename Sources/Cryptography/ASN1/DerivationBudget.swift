import COpenSSL

/// How much work a protected file may ask for before its passphrase is known to be right or wrong.
///
/// A file names the rounds of its own key derivations; without a bound it could keep a processor busy
/// for days.
struct DerivationBudget: ~Copyable {
  private var left = UInt64(PBKDF2.maximumIterations)

  /// - Throws: `tooCostly` when the file as a whole asks for more than `PBKDF2.maximumIterations`.
  mutating func spend(_ rounds: UInt64) throws(CryptographyError) {
    guard rounds <= left else { throw CryptographyError(.tooCostly, "DerivationBudget") }
    left -= rounds
  }

  /// The authentication of a PKCS#12 file; a count that is left out is one (RFC 7292, 4).
  mutating func spend(onAuthenticationOf container: OpaquePointer) throws(CryptographyError) {
    var algorithm: UnsafePointer<X509_ALGOR>?
    var iterations: UnsafePointer<ASN1_INTEGER>?
    PKCS12_get0_mac(nil, &algorithm, nil, &iterations, container)
    if iterations != nil { try spend(Self.count(iterations)) }
    try spend(on: algorithm)
  }

  /// A cipher under a passphrase: PBES2 (RFC 8018, 6.2), PBMAC1 (RFC 9579), PBES1 and those of
  /// RFC 7292, appendix C. What cannot be read costs nothing: libcrypto does not read it either.
  mutating func spend(on algorithm: UnsafePointer<X509_ALGOR>?) throws(CryptographyError) {
    let (kind, parameters) = Self.parts(algorithm)
    defer { ERR_clear_error() }
    guard kind == NID_pbes2 || kind == NID_pbmac1 else {
      guard let simple = Self.decode(parameters, d2i_PBEPARAM) else { return }
      defer { PBEPARAM_free(simple) }
      return try spend(Self.count(simple.pointee.iter))
    }
    guard let scheme = Self.decode(parameters, d2i_PBE2PARAM) else { return }
    defer { PBE2PARAM_free(scheme) }
    try spend(onDerivation: scheme.pointee.keyfunc)
  }

  private mutating func spend(
    onDerivation algorithm: UnsafePointer<X509_ALGOR>?
  ) throws(CryptographyError) {
    let (kind, parameters) = Self.parts(algorithm)
    if kind == NID_id_scrypt {
      guard let scrypt = Self.decode(parameters, d2i_SCRYPT_PARAMS) else { return }
      defer { SCRYPT_PARAMS_free(scrypt) }
      return try spend(Self.rounds(of: scrypt.pointee))
    }
    guard let derivation = Self.decode(parameters, d2i_PBKDF2PARAM) else { return }
    defer { PBKDF2PARAM_free(derivation) }
    try spend(Self.count(derivation.pointee.iter))
  }

  /// scrypt mixes N × r × p blocks (RFC 7914), each about the work of one round of PBKDF2.
  private static func rounds(of scrypt: SCRYPT_PARAMS) -> UInt64 {
    let factors = [
      scrypt.costParameter, scrypt.blockSize, scrypt.parallelizationParameter,
    ]
    return factors.reduce(1) { product, factor in
      let (next, isTooLarge) = product.multipliedReportingOverflow(by: count(factor))
      return isTooLarge ? .max : next
    }
  }

  /// A number that is no count is as good as endless.
  private static func count(_ integer: UnsafePointer<ASN1_INTEGER>?) -> UInt64 {
    var count: UInt64 = 0
    return ASN1_INTEGER_get_uint64(&count, integer) == 1 ? count : .max
  }

  private static func parts(
    _ algorithm: UnsafePointer<X509_ALGOR>?
  ) -> (kind: CInt, parameters: [UInt8]) {
    guard let algorithm else { return (NID_undef, []) }
    var object: OpaquePointer?
    var type: CInt = 0
    var value: UnsafeRawPointer?
    X509_ALGOR_get0(&object, &type, &value, algorithm)
    guard type == V_ASN1_SEQUENCE else { return (OBJ_obj2nid(object), []) }
    return (
      OBJ_obj2nid(object), ASN1Values.bytes(value?.assumingMemoryBound(to: ASN1_STRING.self))
    )
  }

  private static func decode<Value>(
    _ bytes: [UInt8],
    _ decoder: (
      UnsafeMutablePointer<UnsafeMutablePointer<Value>?>?,
      UnsafeMutablePointer<UnsafePointer<UInt8>?>?, Int
    ) -> UnsafeMutablePointer<Value>?
  ) -> UnsafeMutablePointer<Value>? {
    bytes.withUnsafeBytes { bytes in
      var position: UnsafePointer<UInt8>? = bytes.bytePointer
      return decoder(nil, &position, bytes.count)
    }
  }
}
