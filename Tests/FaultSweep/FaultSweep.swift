import ArgumentParser
import Simulation
import TapMeasurement

/// Loses, flips, holds and cuts every byte of a tap, and looks at what becomes of it.
@main
struct FaultSweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-sweep",
    abstract: "Sweeps faults over every byte between host and chip during a tap.",
    discussion: """
      Each run opens a fresh simulated reader through the real libnfc, suffers one fault, and taps \
      once more afterwards. Exit status 1: a wrong transaction code, a tap after the fault that \
      fails, or fewer than 99 % of single transient faults survived.
      """)

  @Option(help: "totp, transaction, or both when left out.")
  var scenario: String?

  @Option(help: "Only this kind of damage, such as lost, status or chip.")
  var damage: String?

  @Option(help: "Only every Nth case.")
  var every = 1

  @Option(help: "Skip so many cases first.")
  var offset = 0

  @Option(help: "Runs at the same time.")
  var jobs = 6

  @Option(help: "Only cases of this place, such as 'chip frame 23 byte 8'.")
  var place: String?

  @Flag(help: "Print each run that did not end with the right code.")
  var list = false

  func run() async throws {
    var passed = true
    for scenario in Scenario.allCases where self.scenario.map({ $0 == scenario.rawValue }) ?? true {
      let report = try await sweep(scenario)
      print(report.text)
      passed = passed && report.passes
    }
    if !passed { throw ExitCode(1) }
  }

  private func sweep(_ scenario: Scenario) async throws -> SweepReport {
    let recording = try await SweepRun(scenario: scenario, tapTime: .seconds(5)).record()
    let all =
      SweepCase.line(recording.frames) + SweepCase.statuses(exchanges: recording.exchanges)
      + SweepCase.cards(exchanges: recording.exchanges)
      + SweepCase.chip(commands: recording.commands)
    let cases = stride(from: offset, to: all.count, by: max(1, every)).map { all[$0] }
      .filter { place == nil || $0.place == place }
      .filter { damage == nil || $0.damage.rawValue == damage }
    var report = SweepReport(scenario: scenario)
    try await withThrowingTaskGroup(of: (SweepCase, SweepResult).self) { group in
      var rest = cases[...]
      for _ in 0..<max(1, jobs) { add(&rest, scenario, to: &group) }
      while let (sweepCase, result) = try await group.next() {
        report.note(sweepCase, result)
        if list, result.end != .right || !result.recovered {
          print("\(sweepCase.damage) \(sweepCase.place): \(result.end), next tap \(result.next)")
        }
        add(&rest, scenario, to: &group)
      }
    }
    return report
  }

  private func add(
    _ rest: inout ArraySlice<SweepCase>, _ scenario: Scenario,
    to group: inout ThrowingTaskGroup<(SweepCase, SweepResult), any Error>
  ) {
    guard let next = rest.popFirst() else { return }
    let run = SweepRun(scenario: scenario, tapTime: .seconds(next.isTransient ? 10 : 3))
    group.addTask { (next, try await run.play(next)) }
  }
}
