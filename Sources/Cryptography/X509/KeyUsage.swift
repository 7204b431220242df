import COpenSSL

/// What a certificate's key may be used for (RFC 5280, 4.2.1.3).
public struct KeyUsage: OptionSet, Hashable, Sendable {
  // The first octet of the extension's BIT STRING, then the second.
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let digitalSignature = KeyUsage(rawValue: UInt32(KU_DIGITAL_SIGNATURE))
  public static let nonRepudiation = KeyUsage(rawValue: UInt32(KU_NON_REPUDIATION))
  public static let keyEncipherment = KeyUsage(rawValue: UInt32(KU_KEY_ENCIPHERMENT))
  public static let dataEncipherment = KeyUsage(rawValue: UInt32(KU_DATA_ENCIPHERMENT))
  public static let keyAgreement = KeyUsage(rawValue: UInt32(KU_KEY_AGREEMENT))
  public static let certificateSigning = KeyUsage(rawValue: UInt32(KU_KEY_CERT_SIGN))
  public static let revocationListSigning = KeyUsage(rawValue: UInt32(KU_CRL_SIGN))
}

/// For what purposes a certificate was issued (RFC 5280, 4.2.1.12). Purposes not named here are not
/// represented.
public struct ExtendedKeyUsage: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let serverAuthentication = ExtendedKeyUsage(rawValue: UInt32(XKU_SSL_SERVER))
  public static let clientAuthentication = ExtendedKeyUsage(rawValue: UInt32(XKU_SSL_CLIENT))
  public static let emailProtection = ExtendedKeyUsage(rawValue: UInt32(XKU_SMIME))
  public static let codeSigning = ExtendedKeyUsage(rawValue: UInt32(XKU_CODE_SIGN))
  public static let any = ExtendedKeyUsage(rawValue: UInt32(XKU_ANYEKU))
}
