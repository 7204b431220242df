import ArgumentParser
import Glibc
import USBBench

/// Has the reader vanish, and its transfers go wrong, at every transfer of a tap.
@main
struct USBSweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usb-sweep",
    abstract: "Sweeps faults over every transfer between host and USB reader during a tap.",
    discussion: """
      Each run plugs in a fresh simulated reader, opens it through the real libnfc, suffers one \
      fault, plugs the reader in again if it is gone, and taps once more with the same connection. \
      Exit status 1: a wrong code, or a tap after the fault that fails.
      """)

  @Option(help: "acr122u or pn533; both when left out.")
  var reader: String?

  @Option(help: "transaction or hotp; both when left out.")
  var scenario: String?

  @Option(help: "Only this kind of damage, such as vanished-during or stalled; may be repeated.")
  var damage: [String] = []

  @Option(help: "Only every Nth transfer.")
  var every = 1

  @Option(help: "Seconds for a tap.")
  var tapTime = 3.0

  @Flag(help: "Print each run that did not end with the right code, and each that took long.")
  var list = false

  func run() async throws {
    var passed = true
    for model in ReaderModel.allCases where reader.map({ $0 == model.rawValue }) ?? true {
      for scenario in Scenario.allCases
      where self.scenario.map({ $0 == scenario.rawValue }) ?? true {
        let report = try await sweep(model, scenario)
        print(report.text)
        fflush(nil)
        passed = passed && report.passes
      }
    }
    if !passed { throw ExitCode(1) }
  }

  private func sweep(_ model: ReaderModel, _ scenario: Scenario) async throws -> SweepReport {
    let run = SweepRun(model: model, scenario: scenario, tapTime: .seconds(tapTime))
    let transfers = try await run.transfers()
    var report = SweepReport(model: model, scenario: scenario, transfers: transfers)
    for damage in SweepCase.Damage.allCases
    where self.damage.isEmpty || self.damage.contains(damage.rawValue) {
      for transfer in stride(from: 0, to: transfers, by: max(1, every)) {
        let sweepCase = SweepCase(damage: damage, transfer: transfer)
        let result = try await run.play(sweepCase)
        report.note(sweepCase, result)
        if list, result.end != .right || result.next != .right {
          print(
            "\(model.rawValue) \(damage.rawValue) \(transfer): \(result.end) in \(result.took), "
              + "next \(result.next) in \(result.recovery)")
        }
      }
    }
    return report
  }
}
