import COpenSSL

/// What a SignerInfo says of its signer, once the certificate is known.
struct MessageSigner {
  private static let strongDigests: Set<CInt> = [
    NID_sha256, NID_sha384, NID_sha512, NID_sha3_256, NID_sha3_384, NID_sha3_512,
  ]

  let certificate: Certificate
  /// From the signed attributes, in Unix seconds.
  let signingTime: Int64?

  init(reading info: OpaquePointer?) throws(SignedMessageError) {
    var certificate: OpaquePointer?
    var digest: UnsafeMutablePointer<X509_ALGOR>?
    var signature: UnsafeMutablePointer<X509_ALGOR>?
    CMS_SignerInfo_get0_algs(info, nil, &certificate, &digest, &signature)
    guard Self.isStrong(digest: digest, signature: signature) else { throw .weakDigest }
    guard let certificate else { throw .signerCertificateMissing }
    do throws(CryptographyError) {
      self.certificate = try Certificate(
        der: encoded(certificate, "i2d_X509", with: i2d_X509))
      self.signingTime = try Self.signingTime(in: info)
    } catch { throw .malformed }
  }

  private static func isStrong(
    digest: UnsafeMutablePointer<X509_ALGOR>?, signature: UnsafeMutablePointer<X509_ALGOR>?
  ) -> Bool {
    guard strongDigests.contains(identifier(digest)) else { return false }
    // The signature's identifier may name a digest too, for instance ecdsa-with-SHA1.
    var named = NID_undef
    guard OBJ_find_sigid_algs(identifier(signature), &named, nil) == 1, named != NID_undef else {
      return true
    }
    return strongDigests.contains(named)
  }

  private static func identifier(_ algorithm: UnsafeMutablePointer<X509_ALGOR>?) -> CInt {
    var object: OpaquePointer?
    X509_ALGOR_get0(&object, nil, nil, algorithm)
    return OBJ_obj2nid(object)
  }

  /// Throws `malformed` for a time in another type, or none at all, in the attribute.
  private static func signingTime(
    in info: OpaquePointer?
  ) throws(CryptographyError) -> Int64? {
    let place = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1)
    guard place >= 0 else { return nil }
    let attribute = CMS_signed_get_attr(info, place)
    guard X509_ATTRIBUTE_count(attribute) == 1,
      let value = X509_ATTRIBUTE_get0_type(attribute, 0)?.pointee
    else { throw CryptographyError(.malformed, "signingTime") }
    switch value.type {
    case V_ASN1_UTCTIME: return try ASN1Values.unixSeconds(value.value.utctime)
    case V_ASN1_GENERALIZEDTIME: return try ASN1Values.unixSeconds(value.value.generalizedtime)
    default: throw CryptographyError(.malformed, "signingTime")
    }
  }
}
