import ArgumentParser
import FoundationEssentials
import Permissions
import ReaderUSB
import Settings

/// Whether this machine may make codes, as its settings have it (S11, S13).
struct ApplianceGuard: Sendable {
  let settings: ApplianceSettings
  private let installation: InstallationCheck

  init(settings: ApplianceSettings, executable: String) {
    self.settings = settings
    installation = InstallationCheck(executable: executable)
  }

  /// Quick from the second time on: of the installed files only those are read that changed.
  func report() async -> PermissionReport {
    let checks = PermissionChecks(state: settings.state, reader: settings.readerAccess).run()
    return checks + (await installation.run())
  }
}

extension ApplianceSettings {
  var readerAccess: ReaderAccess {
    if let readerSocket { return .socket(readerSocket, reader: reader) }
    var others: Set<String> = []
    if let device = display.serial?.device { others.insert(device) }
    if let device = display.terminal?.device { others.insert(device) }
    return .ownProcess(reader: reader, except: others)
  }
}

/// What `--check` prints.
struct CheckReport {
  let json: Bool

  private struct Line: Encodable {
    var restriction: String?
    var finding: String
    var fix: String?
  }

  /// - Returns: the exit status.
  func print(_ report: PermissionReport) -> ExitCode {
    for impediment in report.impediments {
      say(
        Line(
          restriction: impediment.restriction.rawValue, finding: impediment.finding,
          fix: impediment.fix))
    }
    for warning in report.warnings { say(Line(finding: warning)) }
    if report.impediments.isEmpty, !json {
      Output.line("Nothing keeps this appliance from making codes.")
    }
    return ExitCode(report.impediments.isEmpty ? 0 : 77)
  }

  private func say(_ line: Line) {
    guard !json else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      if let data = try? encoder.encode(line) { Output.line(String(decoding: data, as: UTF8.self)) }
      return
    }
    let head = line.restriction.map { "restricted (\($0))" } ?? "warning"
    Output.line("\(head): \(line.finding)")
    if let fix = line.fix { Output.line("  to mend it: \(fix)") }
  }
}
