import OTPCard
import OneTimePassword
import Reader
import SmartCard
import TapMeasurement

/// How a tap ended.
struct TapResult: Sendable {
  enum End: Sendable, Equatable {
    case right
    case wrong(String)
    case refused(String)
  }

  var end: End
  var took: Duration
  /// Of the tap as a whole and of each call in it.
  var overruns: [Int64]
  /// Whether the signal met a running process.
  var wasStruck = false
}

/// Taps on one connection.
struct Tap: Sendable {
  let scenario: Scenario
  let reader: LibNFCReader

  /// A disturbed tap may take this long: longer than noticing that a driver hangs, twice.
  private static let limit = Duration.seconds(5)

  func disturbed(by attack: Attack) async -> TapResult {
    guard let driver = OwnProcess.runningDriver else { return await make(within: Self.limit) }
    async let strike = attack.strike(driver)
    var result = await make(within: Self.limit)
    result.wasStruck = await strike
    return result
  }

  func make(within limit: Duration) async -> TapResult {
    let start = ContinuousClock.now
    let deadline = start + limit
    let overruns = Overruns()
    let end = await code(deadline, overruns)
    overruns.note(deadline)
    return TapResult(end: end, took: start.duration(to: .now), overruns: overruns.all)
  }

  private func code(_ deadline: ContinuousClock.Instant, _ overruns: Overruns) async
    -> TapResult.End
  {
    do throws(ReaderError) {
      let card = try await awaitCard(deadline, overruns)
      do throws(OATHError) {
        let channel = MeasuredChannel(channel: card, overruns: overruns)
        let code = try await scenario.code(on: channel, deadline: deadline).digitsText
        card.release()
        return code == scenario.expected ? .right : .wrong(code)
      } catch {
        return .refused("\(error)")
      }
    } catch {
      return .refused("\(error)")
    }
  }

  private func awaitCard(
    _ deadline: ContinuousClock.Instant, _ overruns: Overruns
  ) async throws(ReaderError) -> any ActivatedCard {
    defer { overruns.note(deadline) }
    return try await reader.awaitCard(deadline: deadline)
  }
}
