import Center
import Cryptography
import SmartOTP

/// The certificates that a centre begins with.
struct NewCentre {
  private static let day: Int64 = 86_400
  private static let authorityDays: Int64 = 3_652
  private static let leafDays: Int64 = 730

  private let authority: CertificateAuthority
  private let authorityKey: P256.PrivateKey
  private let server: (certificate: Certificate, key: P256.PrivateKey)
  private let firstOperator: (certificate: Certificate, key: P256.PrivateKey)
  /// For the store: of the certificates that may call.
  let records: [CertificateRecord]

  init(hosts: [AlternativeName], operatorName: String, now: UnixTime) throws(CryptographyError) {
    authorityKey = try .generate()
    authority = try .root(
      subject: DistinguishedName(commonName: "Smart OTP centre", organization: "Smart OTP"),
      key: authorityKey, validity: Self.validity(Self.authorityDays, now))
    let serverKey = try P256.PrivateKey.generate()
    server = (
      try authority.issue(
        to: serverKey.publicKey, subject: DistinguishedName(commonName: "Smart OTP centre server"),
        validity: Self.validity(Self.leafDays, now), usage: .serverAuthentication, hosts: hosts),
      serverKey
    )
    let operatorKey = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: operatorKey.publicKey,
      subject: DistinguishedName(
        commonName: operatorName, organizationalUnit: Role.operator.rawValue),
      validity: Self.validity(Self.leafDays, now), usage: .clientAuthentication)
    firstOperator = (certificate, operatorKey)
    records = [
      CertificateRecord(
        serial: certificate.serial, subject: operatorName, role: .operator,
        expiresAt: UnixTime(certificate.validity.notAfter))
    ]
  }

  func write(to directory: DataDirectory) throws {
    let chain = authority.certificate.pem
    try PrivateFile.create(directory.authorityCertificate, Array(chain.utf8), mode: 0o644)
    try write(authorityKey, to: directory.authorityKey)
    try PrivateFile.create(
      directory.serverCertificate, Array((server.certificate.pem + chain).utf8), mode: 0o644)
    try write(server.key, to: directory.serverKey)
    try PrivateFile.create(
      directory.operatorCertificate, Array(firstOperator.certificate.pem.utf8), mode: 0o644)
    try write(firstOperator.key, to: directory.operatorKey)
  }

  private func write(_ key: P256.PrivateKey, to path: String) throws {
    try PrivateFile.create(path, key.pem().withUnsafeBytes { Array($0) })
  }

  /// From a little earlier, for clocks that are behind.
  private static func validity(_ days: Int64, _ now: UnixTime) -> Validity {
    Validity(notBefore: now.seconds - 300, notAfter: now.seconds + days * day)
  }
}
