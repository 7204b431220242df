import ArgumentParser
import Center
import CenterStore
import Cryptography
import SmartOTP

/// `smartotp-center init`: a new centre with its authority, keys and first operator.
struct InitCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract:
      "Makes a new centre: database, keys, certificate authority, an operator's certificate.",
    discussion: """
      The key file kek decrypts every card's keys: keep a copy of it away from the database.

      EXAMPLES
        smartotp-center init
        smartotp-center init --data /var/lib/smartotp-center --host center.example
      """)

  @OptionGroup var data: DataOption
  @Option(
    name: .customLong("host"),
    help: ArgumentHelp("A name or address of the server; may be repeated.", valueName: "name"))
  var hosts: [String] = []
  @Option(
    name: .customLong("operator"),
    help: ArgumentHelp("Who the first operator's certificate names.", valueName: "name"))
  var operatorName = "operator"
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let directory = data.directory
    let names = try alternativeNames()
    try PrivateFile.createDirectory(directory.path)
    guard PrivateFile.names(in: directory.path).isEmpty else {
      throw CommandFailure(
        .configuration, "\(directory.path) is not empty", todo: "give another directory")
    }
    let now = UnixTime.now
    try KeyRing.addKey(to: directory.keyFile)
    let certificates = try NewCentre(hosts: names, operatorName: operatorName, now: now)
    try certificates.write(to: directory)
    let store = try SQLiteStore(
      path: directory.database, keys: KeyRing(contentsOf: directory.keyFile))
    let caller = Caller(.operator(operatorName), at: now)
    for record in certificates.records { try await store.record(record, as: caller) }
    try report(directory)
  }

  private func alternativeNames() throws -> [AlternativeName] {
    try (hosts.isEmpty ? ["localhost", "127.0.0.1", "::1"] : hosts).map { host in
      guard let name = AlternativeName(host: host) else {
        throw ValidationError("--host takes a DNS name or an address, not \(host)")
      }
      return name
    }
  }

  struct Made: Encodable {
    var data: String
    var ca: String
    var certificate: String
    var key: String
  }

  private func report(_ directory: DataDirectory) throws {
    try output.show(
      Made(
        data: directory.path, ca: directory.authorityCertificate,
        certificate: directory.operatorCertificate, key: directory.operatorKey),
      text: """
        The centre is in \(directory.path).
        Clients trust \(directory.authorityCertificate); \(operatorName) uses \
        \(directory.operatorCertificate) and \(directory.operatorKey).
        Start it: smartotp-center serve --data \(directory.path)
        """)
  }
}
