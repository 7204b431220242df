import ArgumentParser
import Center
import Cryptography
import SmartOTP

struct IssueCertificate: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue",
    abstract: "Issues a client certificate to an institution or an operator.",
    discussion: """
      With --csr for a key that stays with its holder; else a key is made too. Devices get theirs by
      registering.

      EXAMPLES
        smartotp-center ca issue --role institution --name 004 --out bank
        smartotp-center ca issue --role operator --name night-shift --csr request.pem --out night
      """)

  @Option(help: "institution or operator.") var role: Role
  @Option(help: "The institution's code, or the operator's name.") var name: String
  @Option(help: ArgumentHelp("A PKCS#10 request, PEM.", valueName: "file")) var csr: String?
  @Option(
    help: ArgumentHelp("Writes PREFIX.pem, and PREFIX.key with a new key.", valueName: "prefix"))
  var out: String
  @Option(help: "How long it is valid.") var days: Int64 = 730
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  private struct Issued: Encodable {
    let certificate: String
    let key: String?
    let serial: String
    let expiresAt: UnixTime
  }

  func validate() throws {
    guard role != .device else {
      throw ValidationError("a device gets its certificate by registering")
    }
    guard (1...3652).contains(days) else { throw ValidationError("--days takes 1 to 3652") }
    guard (1...64).contains(name.utf8.count) else {
      throw ValidationError("--name takes 1 to 64 characters")
    }
    if role == .institution { _ = try InstitutionCode.argument(name) }
  }

  func perform() async throws {
    let store = try local.openStore()
    if role == .institution { _ = try await store.institution(.argument(name)) }
    let key = csr == nil ? try P256.PrivateKey.generate() : nil
    let publicKey = try key?.publicKey ?? requestedKey()
    let caller = local.caller
    let expiresAt = caller.now + days * 86_400
    let authority = try local.data.directory.authority()
    let certificate = try authority.issue(
      to: publicKey,
      subject: DistinguishedName(commonName: name, organizationalUnit: role.rawValue),
      validity: Validity(notBefore: caller.now.seconds - 300, notAfter: expiresAt.seconds),
      usage: .clientAuthentication)
    if let key {
      try PrivateFile.create("\(out).key", key.pem().withUnsafeBytes { Array($0) })
    }
    try PrivateFile.create(
      "\(out).pem", Array((certificate.pem + authority.certificate.pem).utf8), mode: 0o644)
    try await store.record(
      CertificateRecord(
        serial: certificate.serial, subject: name, role: role, expiresAt: expiresAt),
      as: caller)
    let issued = Issued(
      certificate: "\(out).pem", key: key == nil ? nil : "\(out).key",
      serial: certificate.serial.hexadecimal, expiresAt: expiresAt)
    try output.show(
      issued,
      text: "\(issued.certificate)\(issued.key.map { " and \($0)" } ?? "") for \(role.rawValue) "
        + "\(name), serial number \(issued.serial)")
  }

  private func requestedKey() throws -> P256.PublicKey {
    let path = csr ?? ""
    do {
      return try CertificateRequest(pem: PrivateFile.read(path)).publicKey
    } catch let error as CryptographyError {
      throw CommandFailure(
        .badData, "\(path) is no PKCS#10 request for a P-256 key (\(error))",
        todo: "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 makes one")
    }
  }
}

extension CheckedText {
  /// - Throws: `ValidationError` with the rule.
  static func argument(_ text: String) throws(ValidationError) -> Self {
    do { return try Self(text) } catch { throw ValidationError(error.rule) }
  }
}
