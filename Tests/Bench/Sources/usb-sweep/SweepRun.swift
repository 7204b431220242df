import Reader
import ReaderUSB
import Simulation
import SmartCard
import USBBench

/// How one run ended.
struct SweepResult: Sendable {
  enum End: Sendable, Equatable {
    case right
    case wrong(String)
    case refused(String)
  }

  var end: End
  var took: Duration
  /// How the tap ended that came after the damage, and after the reader was back.
  var next: End
  var recovery: Duration
  var overruns: [Int64]
  /// A counter moved by no more than one for each tap.
  var isCounted: Bool
  /// USB resets that a program asked for.
  var resets: Int
}

/// Plays one tap with one fault on a fresh bench, plugs the reader in again if it is gone, and taps
/// once more with the same connection.
struct SweepRun {
  let model: ReaderModel
  let scenario: Scenario
  /// For a whole tap, and for each step of it at most.
  let tapTime: Duration

  /// How many transfers a tap takes, opening and closing included.
  func transfers() async throws -> Int {
    let (hardware, reader, _) = try setUp()
    let tap = Tap(scenario: scenario, reader: reader, time: tapTime)
    let end = await tap.run(after: [])
    await reader.close()
    guard end == .right else { throw SweepFailure("the run without faults: \(end)") }
    return hardware.counts.all
  }

  func play(_ sweepCase: SweepCase) async throws -> SweepResult {
    let (hardware, reader, card) = try setUp()
    hardware.arm(sweepCase.fault)
    let tap = Tap(scenario: scenario, reader: reader, time: tapTime)
    let clock = ContinuousClock()
    var start = clock.now
    let end = await tap.run(after: [])
    // What is left of the transfers belongs to closing.
    if hardware.transferFaultsFired == 0 { await reader.close() }
    let took = start.duration(to: clock.now)
    let isCountedOnce = scenario.isCounted(card, taps: 1)
    hardware.disarm()
    try hardware.plugIn()
    start = clock.now
    let next = await tap.run(after: tap.given)
    let recovery = start.duration(to: clock.now)
    await reader.close()
    return SweepResult(
      end: end, took: took, next: next, recovery: recovery, overruns: tap.overruns.all,
      isCounted: isCountedOnce && scenario.isCounted(card, taps: 2), resets: hardware.resets)
  }

  private func setUp() throws -> (SimulatedUSBReader, LibNFCReader, Simulation.OATHCard) {
    let bench = try USBBench()
    let card = scenario.card()
    let hardware = try bench.attach(model, cards: [card])
    guard case .process(let path, _) = DriverProgram.installed else {
      throw SweepFailure("no driver program")
    }
    let locator = ReaderLocator(
      name: "usb:\(hardware.port)", bus: USBBus(files: FileTree(root: bench.root)))
    let reader = LibNFCReader(
      connstring: "usb:\(hardware.port)",
      program: .process(path: path, environment: bench.environment),
      locate: { () throws(ReaderError) in try locator.locate() })
    return (hardware, reader, card)
  }
}

/// Taps with one connection, over and over.
final class Tap {
  let overruns = Overruns()
  /// The codes that came out.
  private(set) var given: [String] = []
  private let scenario: Scenario
  private let reader: LibNFCReader
  private let time: Duration

  init(scenario: Scenario, reader: LibNFCReader, time: Duration) {
    self.scenario = scenario
    self.reader = reader
    self.time = time
  }

  func run(after earlier: [String]) async -> SweepResult.End {
    let deadline = ContinuousClock.now + time
    do throws(ReaderError) {
      let card = try await card(deadline)
      do {
        let channel = MeasuredChannel(channel: card, overruns: overruns)
        let code = try await scenario.code(on: channel, deadline: deadline)
        given.append(code)
        card.release()
        return scenario.accepts(code, after: earlier) ? .right : .wrong(code)
      } catch {
        return .refused("\(error)")
      }
    } catch {
      return .refused("\(error)")
    }
  }

  private func card(
    _ deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard {
    defer { overruns.note(deadline) }
    return try await reader.awaitCard(deadline: deadline)
  }
}

struct SweepFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
