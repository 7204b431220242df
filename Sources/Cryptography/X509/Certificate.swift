import COpenSSL

/// An X.509 certificate (RFC 5280). Reading one says nothing about whether to trust it: see
/// `CertificateChain`.
public final class Certificate: Sendable {
  static let labels = ["CERTIFICATE", "X509 CERTIFICATE"]
  /// The most certificates taken from one file.
  public static let maximumChainCount = 256

  let native: NativeObject
  public let der: [UInt8]
  /// The serial number's magnitude, big endian, without leading zeros.
  public let serial: [UInt8]
  public let subject: DistinguishedName
  public let issuer: DistinguishedName
  public let validity: Validity
  /// SubjectPublicKeyInfo in DER, of whatever algorithm.
  public let spki: [UInt8]
  /// SHA-256 over `der`, 32 bytes.
  public let fingerprint: [UInt8]
  /// Nil where the certificate does not restrict it.
  public let keyUsage: KeyUsage?
  /// Nil where the certificate does not restrict it.
  public let extendedKeyUsage: ExtendedKeyUsage?
  public let subjectKeyIdentifier: [UInt8]?
  public let authorityKeyIdentifier: [UInt8]?
  /// Whether it may issue certificates (basicConstraints, cA).
  public let isAuthority: Bool
  /// How many authorities may stand between this one and a leaf. Nil: not restricted.
  public let pathLength: Int?

  /// Throws `malformed` for anything but one certificate in DER, and for one whose serial number,
  /// times, names or known extensions cannot be read.
  public init(der: [UInt8]) throws(CryptographyError) {
    native = try NativeObject.decodeDER(
      der, "d2i_X509", release: X509_free, with: d2i_X509, checkedBy: i2d_X509)
    let fields = try native.withPointer { certificate throws(CryptographyError) in
      try CertificateFields(reading: certificate)
    }
    self.der = der
    fingerprint = try sha256(der)
    serial = fields.serial
    subject = fields.subject
    issuer = fields.issuer
    validity = fields.validity
    spki = fields.spki
    keyUsage = fields.keyUsage
    extendedKeyUsage = fields.extendedKeyUsage
    subjectKeyIdentifier = fields.subjectKeyIdentifier
    authorityKeyIdentifier = fields.authorityKeyIdentifier
    isAuthority = fields.isAuthority
    pathLength = fields.pathLength
  }

  /// Reads the only CERTIFICATE block of a text. Throws `malformed` for none and for several.
  public convenience init(pem: [UInt8]) throws(CryptographyError) {
    try self.init(der: PEM.content(of: Self.labels, in: pem))
  }

  /// Reads every CERTIFICATE block of a file, in order: at least one, at most `maximumChainCount`.
  public static func chain(pem: [UInt8]) throws(CryptographyError) -> [Certificate] {
    let blocks = try PEM.contents(of: labels, in: pem)
    guard blocks.count <= maximumChainCount else { throw CryptographyError(.malformed, "PEM") }
    var certificates: [Certificate] = []
    for block in blocks { certificates.append(try Certificate(der: block)) }
    return certificates
  }

  public var pem: String { PEM.text("CERTIFICATE", der) }

  /// The certified key. Throws `invalidKey` where it is not one on P-256.
  public func publicKey() throws(CryptographyError) -> P256.PublicKey {
    try P256.PublicKey(spki: spki)
  }
}

extension Certificate: Hashable {
  public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }
  public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Certificate: CustomStringConvertible {
  public var description: String { subject.description }
}
