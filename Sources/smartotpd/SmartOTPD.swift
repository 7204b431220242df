import ArgumentParser
import Logging
import Settings
import Systemd

struct SmartOTPD: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotpd",
    abstract: "The appliance: waits for a transaction or a tap, and shows a code for a minute.",
    discussion: """
      Runs in the foreground until SIGTERM; systemd starts it. SIGHUP reads the configuration again.

      Examples:
        smartotpd --check-config
        smartotpd --check
        smartotpd --config ./smartotpd.yaml
        SMARTOTPD_DISPLAY_TERMINAL_DEVICE=- smartotpd --reader pn532_uart:/dev/ttyUSB0:115200

      A setting of the file can be given by the environment: SMARTOTPD_ and its name in capitals, \
      such as SMARTOTPD_BRANCH_PORT=8480.
      Ends with 0; 77 where a check keeps it from making codes (--check); 78 for a bad configuration.
      """,
    version: Version.text)

  @Option(name: .shortAndLong, help: "The configuration file.")
  var config = ApplianceSettings.standardPath

  @Option(
    name: .shortAndLong, help: "A connstring or usb:PORT, in place of the configuration's reader.")
  var reader: String?

  @Flag(help: "Say whether the configuration is right, and end.")
  var checkConfig = false

  @Flag(help: "Say what would keep the appliance from making codes, and end.")
  var check = false

  @Flag(help: "With --check and --check-config: one JSON object per line.")
  var json = false

  func run() async throws {
    let settings = try loadSettings()
    if checkConfig {
      Output.line(json ? #"{"configuration":"\#(config)","ok":true}"# : "\(config) is right")
      return
    }
    let guardian = ApplianceGuard(settings: settings, executable: Invocation.current.executable)
    if check { throw await CheckReport(json: json).print(guardian.report()) }
    let log = ServiceLog(identifier: "smartotpd")
    let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info
    LoggingSystem.bootstrap { log.handler(label: $0, level: level) }
    let logger = Logger(label: "smartotpd")
    for warning in Invocation.current.warnings { logger.warning("\(warning)") }
    try await ApplianceProcess(
      settings: settings, load: { try loadSettings() }, logger: logger
    ).run()
  }

  /// - Throws: `ExitCode(78)`, after every problem was said.
  private func loadSettings() throws -> ApplianceSettings {
    do throws(SettingsError) {
      var settings = try ApplianceSettings.load(
        path: config, environment: Invocation.current.environment)
      if let reader { settings.reader = reader }
      return settings
    } catch {
      for problem in error.problems { Output.error("smartotpd: \(problem)") }
      throw ExitCode(78)
    }
  }
}

enum Version {
  static let text = "0.10.0"
}
