import ArgumentParser
import Glibc
import Reader
import Simulation
import TapMeasurement
import TestMaterial

/// Kills, stops and crashes the reader process at random moments of taps, and looks at what becomes
/// of them.
@main
struct KillSweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill-sweep",
    abstract: "Kills, stops and crashes the reader process at random moments of taps.",
    discussion: """
      All taps go through one connection, each followed by an undisturbed one. Exit status 1: a \
      wrong code, an undisturbed tap that fails, a process or a descriptor left at the end. A hang \
      ends the program with SIGALRM.

      Examples:
        kill-sweep --taps 1000
        kill-sweep --taps 50 --seed 7 --list
      """)

  @Option(help: "How many taps are disturbed.")
  var taps = 100

  @Option(help: "Decides signals and moments.")
  var seed: UInt64 = 1

  @Flag(help: "Print each tap that did not end with the right code.")
  var list = false

  /// Longer than the longest tap may take.
  private static let patience: UInt32 = 60

  func run() async throws {
    // Whatever the runtime opens once and keeps is open before it is counted.
    _ = try await sweep(taps: 1)
    let before = OwnProcess.descriptors
    let start = ContinuousClock.now
    var report = try await sweep(taps: taps)
    report.took = start.duration(to: .now)
    report.left = OwnProcess.drivers.count
    report.leaked = await Self.leaked(since: before)
    print(report.text)
    if !report.passes { throw ExitCode(1) }
  }

  /// What is open and was not before. A thread that is just ending may need a moment to close its
  /// own.
  private static func leaked(since before: [String]) async -> [String] {
    var leaked: [String] = []
    for _ in 0..<100 {
      leaked = before.reduce(into: OwnProcess.descriptors) { left, descriptor in
        if let index = left.firstIndex(of: descriptor) { left.remove(at: index) }
      }
      if leaked.isEmpty { break }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return leaked
  }

  private func sweep(taps: Int) async throws -> KillReport {
    let scenario = Scenario.transaction
    let card = try scenario.card()
    let hardware = try SimulatedReader(timing: .paced, cards: [card])
    defer { hardware.stop() }
    let reader = LibNFCReader(connstring: hardware.connectionString)
    let tap = Tap(scenario: scenario, reader: reader)
    var generator = SeededGenerator(seed: seed)
    var report = KillReport(tapTime: try await usualTime(of: tap))
    for number in 0..<taps {
      alarm(Self.patience)
      let attack = Attack(within: report.tapTime, using: &generator)
      let result = await tap.disturbed(by: attack)
      let next = await tap.make(within: .seconds(20)).end
      report.note(attack, result, next: next)
      if list, result.end != .right || next != .right {
        print("\(number) \(attack): \(result.end), next tap \(next)")
      }
    }
    alarm(0)
    await reader.close()
    return report
  }

  /// The median of some undisturbed taps.
  private func usualTime(of tap: Tap) async throws -> Duration {
    var times: [Duration] = []
    for _ in 0..<11 {
      let result = await tap.make(within: .seconds(10))
      guard result.end == .right else {
        throw CleanExit.message("the undisturbed tap failed: \(result.end)")
      }
      times.append(result.took)
    }
    return times.sorted()[times.count / 2]
  }
}
