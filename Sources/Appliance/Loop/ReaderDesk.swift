import Reader
import SmartCard

/// The reader's side of the loop: waits for cards, has them do their jobs, and sees them go.
///
/// A tap is a card that comes after there was none for a while. So a card is waited for only where
/// the reader is known to be clear; and that is known only from a reader that works and sees none,
/// over and over, for as long as a tap's pause takes: no fault of line or reader passes for a card
/// that was lifted.
struct ReaderDesk: Sendable {
  let reader: any ReaderConnection
  let loop: ApplianceLoop
  let clock: ApplianceClock
  let minimumAway: Int64

  /// How long a wait may last before the desk shows that it is alive.
  static let longestWait = Duration.seconds(20)
  private static let openingTime = Duration.seconds(8)
  private static let pauses: [Duration] = [.milliseconds(250), .milliseconds(500), .seconds(1)]

  func run() async {
    var isOpen = false
    var failures = 0
    var card: (any ActivatedCard)?
    var isClear = false
    while !Task.isCancelled {
      await loop.deskIsAlive()
      do throws(ReaderError) {
        if !isOpen {
          try await reader.open(deadline: .now + Self.openingTime)
          await loop.readerIsBack()
          isOpen = true
          isClear = false
          failures = 0
        }
        if !isClear {
          isClear = try await hasCleared(card)
          if isClear { card = nil }
          continue
        }
        let expected = await loop.expectedUID
        card = try await reader.awaitCard(
          expecting: expected, deadline: .now + Self.longestWait)
        isClear = false
        if let card { await serve(card) }
      } catch {
        if error == .noCard || error == .cancelled { continue }
        if error == .busy {
          // The watch before lets go of the reader a moment after it was stopped.
          try? await Task.sleep(for: .milliseconds(5))
        } else if let trouble = CardTrouble(error) {
          isClear = false
          _ = await loop.cardArrived(trouble)
        } else {
          isOpen = false
          await loop.readerIsLost(error)
          try? await Task.sleep(for: Self.pauses[min(failures, Self.pauses.count - 1)])
          failures += 1
        }
      }
    }
    await reader.close()
  }

  private func serve(_ card: any ActivatedCard) async {
    let job = await loop.cardArrived(nil)
    guard let limit = job.limit(since: .now) else { return }
    guard let result = await job.run(on: card, deadline: limit) else { return }
    var uid: [UInt8]?
    if case .identified = result { uid = await card.activation.lastingUID }
    await loop.take(result, uid: uid)
  }

  /// Waits a while for whatever lies there to go.
  ///
  /// - Returns: whether nothing lies on the reader.
  private func hasCleared(_ card: (any ActivatedCard)?) async throws(ReaderError) -> Bool {
    card?.release()
    for await event in reader.cardEvents(until: .now + Self.longestWait) {
      switch event {
      case .clear:
        // It has been so for as long as a tap's pause takes.
        await loop.cardHasLeft(since: clock.moment() + -minimumAway)
        return true
      case .readerLost(let error), .failed(let error): throw error
      case .entered, .malformedCardEntered: await loop.cardLies()
      case .left, .readerBack: break
      }
    }
    return false
  }
}

extension CardJob {
  /// When the card must have done it: a little before the session gives up on it.
  fileprivate func limit(since now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    if case .none = self { nil } else { now + .milliseconds(9_500) }
  }
}

extension Activation {
  /// The UID by which the card can be looked for again; nil when it is drawn anew at each
  /// activation (ISO/IEC 14443-3, 6.5.4: a single-size UID that begins with 08).
  var lastingUID: [UInt8]? {
    guard uid.count >= 4, !(uid.count == 4 && uid[0] == 0x08) else { return nil }
    return uid
  }
}
