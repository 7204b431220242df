import OTPCard
import Reader
import SmartCard

/// A reader at which a card has several steps to go through. A card that is pulled is waited for,
/// and its step done again.
struct CardStation {
  let session: ReaderSession
  let reader: LibNFCReader
  let wait: Double

  /// Runs `step` on the card; every step bears being done again.
  ///
  /// - Parameter id: the card that must do it; nil takes any and is set to what came.
  func perform<Value: Sendable>(
    access: OATHAccess, id: inout [UInt8]?,
    _ step: (OATHCard, ContinuousClock.Instant) async throws(OATHError) -> Value
  ) async throws -> Value {
    let giveUp = ContinuousClock.now + .seconds(wait)
    while true {
      let channel = try await session.card(on: reader, wait: wait)
      defer { channel.release() }
      let deadline = ContinuousClock.now + ReaderSession.tapTime
      do throws(OATHError) {
        if id == nil { id = try await OATHCard(channel).identify(deadline: deadline).id }
        return try await step(OATHCard(channel, access: access, expectedID: id), deadline)
      } catch {
        guard ContinuousClock.now < giveUp, !Task.isCancelled, let plea = error.plea else {
          throw CommandFailure(error)
        }
        StandardError.line("smartotp: \(plea)")
        if case .card(let cardError) = error, cardError.reason == .replaced {
          channel.release()
          await removal(until: giveUp)
        }
      }
    }
  }

  /// Returns when the card is off the reader.
  private func removal(until deadline: ContinuousClock.Instant) async {
    for await event in reader.cardEvents(until: deadline) where event == .left { return }
  }
}

extension OATHError {
  /// What to ask the person for, where the card can go on later.
  var plea: String? {
    guard case .card(let error) = self else { return nil }
    return switch error.reason {
    case .replaced: "this is another card: take it away and lay the first one on the reader"
    case .removed, .timedOut, .transmission, .deadlinePassed, .protocolViolation(.chipStatus):
      "the card was interrupted: lay it on the reader again and leave it there"
    default: nil
    }
  }
}
