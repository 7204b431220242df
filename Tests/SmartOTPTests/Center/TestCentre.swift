import Center
import CenterServer
import CenterStore
import Cryptography
import Foundation
import Logging
import ServiceLifecycle
import SmartOTP

/// A centre that serves on a free port of this machine, over a database of its own, with two banks:
/// 004 issues cards `K01`, 088 does not issue. Everything it needs on disk goes with it.
struct TestCentre: Sendable {
  let store: SQLiteStore
  let authority: CertificateAuthority
  let directory: URL
  let port: Int

  static let issuer = InstitutionCode(accepted: "004")
  static let other = InstitutionCode(accepted: "088")

  static func run(
    accredited: AccreditedAuthorities? = nil, deviceCertificateDays: Int64? = nil,
    _ body: @Sendable (TestCentre) async throws -> Void
  ) async throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "centre-\(UUID())")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: directory) }
    let keyFile = directory.appending(path: "kek").path
    try KeyRing.addKey(to: keyFile)
    let store = try SQLiteStore(
      path: directory.appending(path: "center.sqlite").path, keys: KeyRing(contentsOf: keyFile))
    let authority = try CertificateAuthority.root(
      subject: DistinguishedName(commonName: "centre"), key: .generate(),
      validity: validity(days: 30))
    let (opened, opening) = AsyncStream<CenterServer.Listeners>.makeStream()
    var configuration = try configuration(authority, accredited, store)
    if let days = deviceCertificateDays { configuration.deviceCertificateSeconds = days * 86_400 }
    let server = try CenterServer(
      store: store, configuration: configuration, logger: .silent
    ) { opening.yield($0) }
    let group = ServiceGroup(configuration: .init(services: [server], logger: .silent))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      for await listeners in opened {
        let centre = TestCentre(
          store: store, authority: authority, directory: directory, port: listeners.port)
        let result: Result<Void, any Error>
        do {
          try await centre.prepare()
          result = .success(try await body(centre))
        } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        try result.get()
        return
      }
    }
  }

  private static func configuration(
    _ authority: CertificateAuthority, _ accredited: AccreditedAuthorities?, _ store: SQLiteStore
  ) throws -> CenterServerConfiguration {
    let key = try P256.PrivateKey.generate()
    let certificate = try authority.issue(
      to: key.publicKey, subject: DistinguishedName(commonName: "localhost"),
      validity: validity(days: 30), usage: .serverAuthentication,
      hosts: [AlternativeName(host: "localhost")].compactMap(\.self))
    var configuration = CenterServerConfiguration(
      authority: authority,
      identity: try ServerIdentity(
        certificates: Array(certificate.pem.utf8),
        key: try key.pem().withUnsafeBytes { Array($0) }),
      accredited: { try accredited ?? AccreditedAuthorities(roots: []) })
    configuration.port = 0
    return configuration
  }

  static func validity(days: Int64) -> Validity {
    let now = UnixTime.testNow.seconds
    return Validity(notBefore: now - 3600, notAfter: now + days * 86_400)
  }

  private func prepare() async throws {
    let caller = Caller(.operator("test"), at: .testNow)
    _ = try await store.add(
      Institution(
        code: Self.issuer, name: "Hankang Bank", vendorCode: VendorCode(accepted: "K01")),
      as: caller)
    _ = try await store.add(Institution(code: Self.other, name: "Nuri Securities"), as: caller)
    try write(authority.certificate.pem, to: "center.pem")
    for code in [Self.issuer, Self.other] {
      let key = try P256.PrivateKey.generate()
      let validity = Self.validity(days: 30)
      let certificate = try authority.issue(
        to: key.publicKey,
        subject: DistinguishedName(commonName: code.text, organizationalUnit: "institution"),
        validity: validity, usage: .clientAuthentication)
      try await store.record(
        CertificateRecord(
          serial: certificate.serial, subject: code.text, role: .institution,
          expiresAt: UnixTime(validity.notAfter)), as: caller)
      try write(certificate.pem + authority.certificate.pem, to: "\(code).pem")
      let text = try key.pem().withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
      try write(text, to: "\(code).key")
    }
  }

  func path(_ name: String) -> String { directory.appending(path: name).path }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: directory.appending(path: name))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(name))
  }

  /// What the device keeps of its certificate.
  func deviceCertificate(_ name: String = "device") throws -> Data {
    try Data(contentsOf: directory.appending(components: name, "device.pem"))
  }

  var url: String { "https://localhost:\(port)" }

  /// Variables that make a command speak for a bank.
  func bank(_ code: InstitutionCode = issuer) -> [String] {
    ["SMARTOTP_CENTER=\(url)", "SMARTOTP_IDENTITY=\(path(code.text))"]
  }

  /// Variables that make a command speak for this machine as a device.
  func device(_ name: String = "device") -> [String] {
    [
      "SMARTOTP_CENTER=\(url)", "SMARTOTP_CENTER_CA=\(path("center.pem"))",
      "SMARTOTP_IDENTITY=\(path(name))",
    ]
  }

  func code(
    _ purpose: RegistrationCodeRequest.Purpose, card: String? = nil,
    from institution: InstitutionCode = issuer
  ) async throws -> String {
    try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: purpose, card: try card.map { try CardIdentity($0) }),
      as: Caller(.institution(institution), at: .testNow)
    ).code.grouped
  }

  func card(_ text: String) async throws -> Card {
    try await store.card(try CardIdentity(text))
  }
}

extension UnixTime {
  static var testNow: UnixTime { UnixTime(Int64(Date().timeIntervalSince1970)) }
}

extension Logger {
  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
