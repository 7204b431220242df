import COpenSSL

/// Why a certificate was not accepted, and which one of its chain is to blame.
public struct ChainError: Error, Equatable, Sendable {
  /// Where several apply, the first in this order is given.
  public enum Reason: Int, Comparable, Sendable {
    /// libcrypto could not do its work.
    case libraryFailure
    /// An extension, time or key that cannot be read, or a critical extension that is not known.
    case malformed
    /// No path of authorities leads to one of the roots.
    case untrusted
    /// A signature in the chain was not made by the issuer's key.
    case badSignature
    /// A key or digest below 112 bits of security, such as RSA-1024 or SHA-1.
    case weakAlgorithm
    /// Not issued for this purpose.
    case wrongPurpose
    case revoked
    case notYetValid
    case expired
    /// No revocation list of the issuer, or none that its key signed.
    case crlMissing
    /// The issuer's revocation list is past its next update, or from the future.
    case crlExpired

    public static func < (left: Reason, right: Reason) -> Bool { left.rawValue < right.rawValue }
  }

  public let reason: Reason
  /// 0 for the certificate in question, 1 for its issuer, and so on.
  public let depth: Int
  /// libcrypto's code, X509_V_ERR_….
  public let nativeCode: Int32

  init(nativeCode: Int32, depth: Int) {
    self.reason = Self.reasons[nativeCode] ?? .malformed
    self.depth = depth
    self.nativeCode = nativeCode
  }

  private static let reasons: [Int32: Reason] = {
    var reasons: [Int32: Reason] = [:]
    for (reason, codes) in codes {
      for code in codes { reasons[code] = reason }
    }
    return reasons
  }()

  private static let codes: [(Reason, [Int32])] = [
    (
      .libraryFailure,
      [
        X509_V_ERR_UNSPECIFIED, X509_V_ERR_OUT_OF_MEM, X509_V_ERR_INVALID_CALL,
        X509_V_ERR_STORE_LOOKUP,
      ]
    ),
    (
      .untrusted,
      [
        X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_CHAIN_TOO_LONG,
        X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED, X509_V_ERR_KEYUSAGE_NO_CERTSIGN,
        X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_CERT_REJECTED, X509_V_ERR_PERMITTED_VIOLATION,
        X509_V_ERR_EXCLUDED_VIOLATION,
      ]
    ),
    (
      .badSignature,
      [X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE]
    ),
    (
      .weakAlgorithm,
      [X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK]
    ),
    (.wrongPurpose, [X509_V_ERR_INVALID_PURPOSE]),
    (.revoked, [X509_V_ERR_CERT_REVOKED]),
    (.notYetValid, [X509_V_ERR_CERT_NOT_YET_VALID]),
    (.expired, [X509_V_ERR_CERT_HAS_EXPIRED]),
    (
      .crlMissing,
      [
        X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
        X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_CRL_SIGNATURE_FAILURE,
        X509_V_ERR_CRL_PATH_VALIDATION_ERROR, X509_V_ERR_DIFFERENT_CRL_SCOPE,
        X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
        X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
      ]
    ),
    (.crlExpired, [X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID]),
  ]
}

extension ChainError: CustomStringConvertible {
  /// One line: the reason, the depth, and libcrypto's own words.
  public var description: String {
    let words = X509_verify_cert_error_string(Int(nativeCode)).map { String(cString: $0) }
    return "\(reason) at depth \(depth): \(words ?? "error \(nativeCode)")"
  }
}
