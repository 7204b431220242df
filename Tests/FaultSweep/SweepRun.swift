import OTPCard
import OneTimePassword
import Reader
import Simulation
import SmartCard
import TapMeasurement

/// How one run ended.
struct SweepResult: Sendable {
  enum End: Sendable, Equatable {
    case right
    case wrong(String)
    case refused(String)
  }

  var end: End
  /// Whether the tap after the damage gave the right code.
  /// How the tap after the damage ended.
  var next: End
  var recovered: Bool { next == .right }
  var overruns: [Int64]
  var took: Duration
  var fired: Bool
}

/// A run without faults.
struct Recording: Sendable {
  var frames: [FrameRecord]
  /// How many InDataExchange commands it took.
  var exchanges: Int
  var commands: Int
}

/// Plays one scenario on a fresh simulated reader with one fault, then taps once more without.
struct SweepRun {
  let scenario: Scenario
  let tapTime: Duration

  /// The frames of a run without faults, in order.
  func record() async throws -> Recording {
    let card = try scenario.card()
    let hardware = try SimulatedReader(cards: [card])
    let result = await tap(hardware, Overruns())
    guard result.end == .right else { throw SweepFailure("the run without faults: \(result.end)") }
    let frames = hardware.frames
    let exchanges = frames.count {
      $0.direction == .toChip && $0.bytes.count > 6 && $0.bytes[5...6] == [0xD4, 0x40]
    }
    return Recording(
      frames: frames, exchanges: exchanges, commands: hardware.counters.commands)
  }

  func play(_ sweepCase: SweepCase) async throws -> SweepResult {
    let card = try scenario.card()
    let hardware = try SimulatedReader(cards: [card])
    hardware.arm(sweepCase.fault)
    let overruns = Overruns()
    let start = ContinuousClock.now
    let first = await tap(hardware, overruns)
    let took = start.duration(to: .now)
    let fired = hardware.faultsFired > 0
    hardware.disarm()
    hardware.heal()
    hardware.removeAllCards()
    hardware.insert(card)
    let second = await again(hardware, first.reader, overruns)
    await first.reader.close()
    return SweepResult(
      end: first.end, next: second, overruns: overruns.all, took: took,
      fired: fired)
  }

  private func tap(
    _ hardware: SimulatedReader, _ overruns: Overruns
  ) async -> (end: SweepResult.End, reader: LibNFCReader) {
    let reader = LibNFCReader(connstring: hardware.connectionString)
    let deadline = ContinuousClock.now + tapTime
    do throws(ReaderError) {
      try await reader.open(deadline: deadline)
    } catch {
      overruns.note(deadline)
      return (.refused("\(error)"), reader)
    }
    return (await tap(reader, overruns), reader)
  }

  private func tap(_ reader: LibNFCReader, _ overruns: Overruns) async -> SweepResult.End {
    let deadline = ContinuousClock.now + tapTime
    do throws(ReaderError) {
      let card = try await awaitCard(reader, deadline, overruns)
      do throws(OATHError) {
        let channel = MeasuredChannel(channel: card, overruns: overruns)
        let code = try await scenario.code(on: channel, deadline: deadline).digitsText
        return code == scenario.expected ? .right : .wrong(code)
      } catch {
        return .refused("\(error)")
      }
    } catch {
      return .refused("\(error)")
    }
  }

  private func awaitCard(
    _ reader: LibNFCReader, _ deadline: ContinuousClock.Instant, _ overruns: Overruns
  ) async throws(ReaderError) -> any ActivatedCard {
    defer { overruns.note(deadline) }
    return try await reader.awaitCard(deadline: deadline)
  }

  /// The next tap on the same connection, as a waiting appliance would take it.
  private func again(
    _ hardware: SimulatedReader, _ reader: LibNFCReader, _ overruns: Overruns
  ) async -> SweepResult.End {
    let end = ContinuousClock.now + .seconds(20)
    while true {
      let result = await tap(reader, overruns)
      if result == .right || ContinuousClock.now > end { return result }
      if case .wrong = result { return result }
      hardware.removeAllCards()
      if let card = try? scenario.card() { hardware.insert(card) }
    }
  }
}

struct SweepFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
