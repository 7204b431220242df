import COpenSSL

/// An authority's certificate with its private key: issues certificates and revocation lists, all
/// signed with ECDSA on P-256 and SHA-256.
public final class CertificateAuthority: Sendable {
  public let certificate: Certificate
  let key: P256.PrivateKey

  /// Throws `invalidInput` where the certificate is not an authority's that may sign certificates and
  /// revocation lists, or is not for this key.
  public init(certificate: Certificate, key: P256.PrivateKey) throws(CryptographyError) {
    let usage = certificate.keyUsage ?? [.certificateSigning, .revocationListSigning]
    guard certificate.isAuthority, certificate.spki == key.publicKey.spki,
      usage.isSuperset(of: [.certificateSigning, .revocationListSigning])
    else { throw CryptographyError(.invalidInput, "CertificateAuthority") }
    self.certificate = certificate
    self.key = key
  }

  /// Makes a root: a certificate signed by its own key.
  ///
  /// - Parameter pathLength: how many authorities may stand between the root and a leaf; 0 where the
  ///   root issues leaves only.
  public static func root(
    subject: DistinguishedName, key: P256.PrivateKey, validity: Validity, pathLength: UInt8 = 0
  ) throws(CryptographyError) -> CertificateAuthority {
    let identifier = try key.publicKey.identifier()
    let template = CertificateTemplate(
      serial: try randomSerial(), issuer: subject, subject: subject, validity: validity,
      publicKey: key.publicKey,
      extensions: authorityExtensions(pathLength: pathLength, identifier: identifier))
    return try CertificateAuthority(certificate: template.signed(by: key), key: key)
  }

  /// Issues a certificate for a client, a server or both.
  ///
  /// - Parameters:
  ///   - publicKey: the key of a `CertificateRequest`, whose holder has thus proved to have it.
  ///   - subject: the authority's choice; by convention the common name is the holder's identifier and
  ///     the organizational unit its role.
  ///   - validity: may end after the authority's own; the chain is then valid until the earlier end.
  ///   - usage: at least one purpose, or `invalidInput`.
  ///   - hosts: the names of a server.
  ///   - serial: 1 to 20 bytes, the first 01 to 7F, unique for this authority; by default 16 random
  ///     bytes.
  public func issue(
    to publicKey: P256.PublicKey, subject: DistinguishedName, validity: Validity,
    usage: ExtendedKeyUsage, hosts: [AlternativeName] = [], serial: [UInt8]? = nil
  ) throws(CryptographyError) -> Certificate {
    guard !usage.isEmpty else { throw CryptographyError(.invalidInput, "CertificateAuthority") }
    var extensions: [CertificateExtension] = [
      .endEntity, .keyUsage(.digitalSignature), .extendedKeyUsage(usage),
      .subjectKeyIdentifier(try publicKey.identifier()),
      .authorityKeyIdentifier(try identifier()),
    ]
    if !hosts.isEmpty { extensions.append(.alternativeNames(hosts)) }
    return try sign(publicKey, subject, validity, extensions, serial: serial)
  }

  /// Issues an authority below this one. `pathLength` as for `root`.
  public func issueAuthority(
    to publicKey: P256.PublicKey, subject: DistinguishedName, validity: Validity,
    pathLength: UInt8 = 0
  ) throws(CryptographyError) -> Certificate {
    let extensions = Self.authorityExtensions(
      pathLength: pathLength, identifier: try publicKey.identifier())
    return try sign(
      publicKey, subject, validity,
      extensions + [.authorityKeyIdentifier(try identifier())], serial: nil)
  }

  /// 16 random bytes, the first 40 to 7F: positive, and no shorter when leading zeros are dropped.
  public static func randomSerial() throws(CryptographyError) -> [UInt8] {
    var serial = try randomBytes(count: 16)
    serial[0] = serial[0] & 0x3F | 0x40
    return serial
  }

  /// What certificates and lists say of the key that signed them.
  func identifier() throws(CryptographyError) -> [UInt8] {
    if let identifier = certificate.subjectKeyIdentifier { return identifier }
    return try key.publicKey.identifier()
  }

  private func sign(
    _ publicKey: P256.PublicKey, _ subject: DistinguishedName, _ validity: Validity,
    _ extensions: [CertificateExtension], serial: [UInt8]?
  ) throws(CryptographyError) -> Certificate {
    let number = if let serial { serial } else { try Self.randomSerial() }
    return try CertificateTemplate(
      serial: number, issuer: certificate.subject, subject: subject, validity: validity,
      publicKey: publicKey, extensions: extensions
    ).signed(by: key)
  }

  private static func authorityExtensions(
    pathLength: UInt8, identifier: [UInt8]
  ) -> [CertificateExtension] {
    [
      .authority(pathLength: pathLength),
      .keyUsage([.certificateSigning, .revocationListSigning]),
      .subjectKeyIdentifier(identifier),
    ]
  }
}
