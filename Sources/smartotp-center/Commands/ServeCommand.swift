import ArgumentParser
import CenterServer
import CenterStore
import Glibc
import Logging
import ServiceLifecycle

/// `smartotp-center serve`: the API.
struct ServeCommand: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves the centre's API until it is told to stop (SIGTERM, SIGINT).",
    discussion: """
      Several processes may serve one directory, each on its own port.

      EXAMPLES
        smartotp-center serve
        smartotp-center serve --data /var/lib/smartotp-center --address 0.0.0.0 --local-port 9100
      """)

  @OptionGroup var data: DataOption
  @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
  var address = "127.0.0.1"
  @Option(help: ArgumentHelp("The port; 0 lets the system choose.", valueName: "port"))
  var port = 8443
  @Option(
    help: ArgumentHelp(
      "A port on 127.0.0.1 for probes and figures, without TLS.", valueName: "port"))
  var localPort: Int?
  @Option(
    help: ArgumentHelp(
      "Device registrations that one address may try in a minute.", valueName: "count"))
  var enrolmentsPerMinute = 10
  @Option(help: "debug logs each request.")
  var logLevel = LogLevel.info
  @OptionGroup var output: OutputOption

  func validate() throws {
    for port in [port, localPort ?? 0] where !(0...65_535).contains(port) {
      throw ValidationError("a port is 0 to 65535")
    }
    guard enrolmentsPerMinute > 0 else {
      throw ValidationError("--enrolments-per-minute takes a number above 0")
    }
  }

  func perform() async throws {
    let directory = data.directory
    let store = try directory.openStore()
    var configuration = CenterServerConfiguration(
      authority: try directory.authority(),
      identity: try ServerIdentity(
        certificates: PrivateFile.read(directory.serverCertificate),
        key: PrivateFile.read(directory.serverKey)),
      accredited: directory.accreditedAuthorities)
    configuration.address = address
    configuration.port = port
    configuration.localPort = localPort
    configuration.rateLimits.enrolment = .perMinute(Double(enrolmentsPerMinute))
    var logger = Logger(label: "smartotp-center") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = logLevel.level
    let server = try CenterServer(
      store: store, configuration: configuration, logger: logger, onRunning: report)
    let group = ServiceGroup(
      configuration: .init(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  struct Listening: Encodable {
    var event = "listening"
    var port: Int
    var localPort: Int?
  }

  private func report(_ listeners: CenterServer.Listeners) {
    // A text and two numbers always have a JSON form.
    try? output.show(
      Listening(port: listeners.port, localPort: listeners.localPort),
      text: "Listening on \(address), port \(listeners.port).")
    // Whoever waits for the line reads a pipe.
    fflush(nil)
  }
}

enum LogLevel: String, CaseIterable, ExpressibleByArgument {
  case debug, info, warning, error

  var level: Logger.Level {
    switch self {
    case .debug: .debug
    case .info: .info
    case .warning: .warning
    case .error: .error
    }
  }
}
