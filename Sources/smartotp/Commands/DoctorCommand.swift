import ArgumentParser
import Diagnosis
import Glibc
import Reader

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Finds out why a reader does not work, and how to mend it.",
    discussion: """
      Looks at the system, then opens the reader and asks the chip and the card on it. Nothing is \
      changed without --fix. The last line says whether the reader can be used. The status is 0 \
      when all is well, 0 with warnings unless --strict, else by the worst finding.

      Examples:
        smartotp doctor
        smartotp doctor -v --reader usb:1-1.2
        smartotp doctor --json | jq 'select(.finding == "fail")'
        smartotp doctor --fix
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Show the commands that mend what was found, and run each after asking.")
  var fix = false

  @Flag(help: "With --fix: do not ask.")
  var yes = false

  @Flag(help: "Let warnings count for the exit status.")
  var strict = false

  func validate() throws {
    guard !(fix && options.json) else { throw ValidationError("Give --fix or --json, not both.") }
    guard fix || !yes else { throw ValidationError("--yes belongs to --fix.") }
  }

  func run() async throws {
    var report = await diagnose()
    show(report)
    if fix, try mend(report) {
      StandardOutput.line("Looking again.")
      report = await diagnose()
      show(report)
    }
    if Task.isCancelled { throw CommandFailure("interrupted", .interrupted) }
    let status = report.exitStatus(strict: strict)
    if status != 0 { throw ExitCode(status) }
  }

  private func diagnose() async -> Report {
    let program =
      if case .process(let path, _) = DriverProgram.installed { path } else { "smartotp-reader" }
    let lineSpeed = options.lineSpeed
    return await Diagnosis(
      system: .current(readerProgram: program), reader: options.reader,
      open: { LibNFCReader(connstring: $0, highestLineSpeed: lineSpeed) }
    ).run()
  }

  private func show(_ report: Report) {
    guard options.json else {
      return DoctorText(report: report, isVerbose: options.verbose).lines.forEach(
        StandardOutput.line)
    }
    for result in report.results { StandardOutput.line(JSONLine.text(DoctorLine(result))) }
    StandardOutput.line(JSONLine.text(DoctorVerdict(report, strict: strict)))
  }

  /// Whether something was run.
  private func mend(_ report: Report) throws -> Bool {
    let found = (report.faults + report.warnings).filter { $0.fix?.kind == .automatic }
    guard !found.isEmpty else {
      StandardOutput.line("Nothing here can be mended by a command.")
      return false
    }
    guard yes || isatty(STDIN_FILENO) == 1 else {
      throw CommandFailure(
        "--fix asks before it changes anything; at no terminal give --yes", .usage)
    }
    var ran = false
    for result in found {
      guard let command = result.fix?.text, !Task.isCancelled else { continue }
      StandardOutput.line("\(result.check.id): \(command)")
      guard yes || Self.isAgreed() else { continue }
      ran = true
      let status = FixRunner.run(command)
      if status != 0 { StandardError.line("smartotp: that ended with status \(status)") }
    }
    return ran
  }

  private static func isAgreed() -> Bool {
    StandardError.text("Run it? [y/N] ")
    return readLine().map { ["y", "yes"].contains($0.lowercased()) } ?? false
  }
}
