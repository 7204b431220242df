import OTPCard
import Reader
import SmartCard
import Trace

/// What `trace` does with each card laid on the reader.
struct TracedTap: Sendable {
  /// Empty selects and lists the OATH application.
  let commands: [CommandAPDU]
  let access: OATHAccess
  let printer: TracePrinter

  /// A card that is seen so soon after it was let go of has never left.
  private static let lookTime = Duration.seconds(1)

  /// Waits for a card, talks to it, and waits until it has left. False when none came in time.
  func perform(
    on reader: LibNFCReader, until end: ContinuousClock.Instant
  ) async throws -> Bool {
    var activation: Activation?
    do throws(ReaderError) {
      let card = try await awaitCard(on: reader, until: end)
      activation = await card.activation
      await talk(to: card)
      card.release()
      // A card that failed is not let go of: there is nothing to say to it.
      printer.tell(.lost)
    } catch {
      switch error {
      case .noCard: return false
      case .unsuitableCard(let card):
        activation = card
        printer.tell(.activated(card))
        printer.tell(.note(error.explanation))
        printer.tell(.lost)
      case .severalCards, .malformedCard: printer.tell(.note(error.explanation))
      default: throw CommandFailure(error)
      }
    }
    try await waitUntilGone(activation, from: reader, until: end)
    return true
  }

  /// The watch that ended last may need a moment to let go of the reader.
  private func awaitCard(
    on reader: LibNFCReader, until end: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard {
    let patience = ContinuousClock.now + Self.lookTime
    while true {
      do throws(ReaderError) {
        return try await reader.awaitCard(deadline: end)
      } catch {
        guard error == .busy, ContinuousClock.now < patience else { throw error }
        try? await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  private func talk(to card: any ActivatedCard) async {
    let end = ContinuousClock.now + ReaderSession.tapTime
    if commands.isEmpty {
      do throws(OATHError) {
        _ = try await OATHCard(card, access: access).contents(deadline: end)
      } catch {
        printer.tell(.note(CommandFailure(error).message))
      }
      return
    }
    for command in commands {
      do throws(CardError) {
        _ = try await card.transmit(command, deadline: min(end, .now + .seconds(5)))
      } catch {
        return printer.tell(.note(CommandFailure(error).message))
      }
    }
  }

  private func waitUntilGone(
    _ activation: Activation?, from reader: LibNFCReader, until end: ContinuousClock.Instant
  ) async throws {
    let start = ContinuousClock.now
    for await event in reader.cardEvents(until: end) {
      switch event {
      case .left, .clear: return
      case .failed(let error), .readerLost(let error): throw CommandFailure(error)
      case .malformedCardEntered, .readerBack: continue
      case .entered(let cards):
        let isSame =
          activation.map { $0.uidMayChange || cards.map(\.uid).contains($0.uid) } ?? true
        guard isSame, ContinuousClock.now < start + Self.lookTime else { return }
      }
    }
  }
}
