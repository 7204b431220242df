import ArgumentParser
import Glibc
import OTPCard
import OneTimePassword
import Reader
import Simulation
import TapMeasurement
import TestMaterial

/// Lays one card after the other on one running reader, each of which says random things.
@main
struct CardFuzz: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card-fuzz",
    abstract: "Meets a running reader with cards that say random things.",
    discussion: """
      All cards meet one connection; an honest one comes in between. Exit status 1: an honest card \
      fails, or the reader process dies of anything but a node address, at which libnfc aborts. A \
      hang ends the program with SIGALRM.

      Examples:
        card-fuzz --count 10000
        card-fuzz --count 300 --seed 7
      """)

  @Option(help: "How many cards.")
  var count = 1000

  @Option(help: "Decides what the cards say.")
  var seed: UInt64 = 1

  @Option(help: "An honest card after so many.")
  var honestEvery = 500

  @Flag(help: "Print how each card ended.")
  var list = false

  /// Longer than a card may take.
  private static let patience: UInt32 = 60

  func run() async throws {
    var generator = SeededGenerator(seed: seed)
    let hardware = try SimulatedReader()
    let reader = LibNFCReader(connstring: hardware.connectionString)
    let tap = FuzzedTap(reader: reader)
    var report = FuzzReport()
    try await reader.open(deadline: .now + .seconds(10))
    let start = ContinuousClock.now
    for number in 1...max(1, count) {
      alarm(Self.patience)
      let card = FuzzedCard(using: &generator)
      let operation = FuzzedTap.Operation.allCases.randomElement(using: &generator) ?? .contents
      let driver = OwnProcess.runningDriver
      hardware.insert(card)
      let result = await tap.make(operation)
      hardware.remove(card)
      let driverDied = driver != nil && OwnProcess.runningDriver != driver
      report.note(card, result, driverDied: driverDied)
      if list { print("\(number) \(card.manner) \(operation): \(result.end)") }
      if number.isMultiple(of: honestEvery) || number == count {
        report.noteHonest(await honest(on: hardware, reader))
      }
    }
    alarm(0)
    report.took = start.duration(to: .now)
    await reader.close()
    report.left = OwnProcess.drivers.count
    print(report.text)
    if !report.passes { throw ExitCode(1) }
  }

  /// Whether a tap with an honest card gives the right code.
  private func honest(on hardware: SimulatedReader, _ reader: LibNFCReader) async -> Bool {
    let scenario = Scenario.transaction
    guard let card = try? scenario.card() else { return false }
    hardware.insert(card)
    defer { hardware.remove(card) }
    let deadline = ContinuousClock.now + .seconds(10)
    guard let active = try? await reader.awaitCard(deadline: deadline) else { return false }
    let code = try? await scenario.code(on: active, deadline: deadline)
    return code?.digitsText == scenario.expected
  }
}
