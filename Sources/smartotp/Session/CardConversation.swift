import APDUScript
import Reader
import SmartCard

/// APDU after APDU with whatever card lies on the reader. After an exchange that failed the card is
/// activated anew before the next one, since nobody knows what it still holds.
actor CardConversation {
  /// An answer, and how long it took.
  struct Answer: Sendable {
    var response: ResponseAPDU
    var time: Duration
  }

  private let session: ReaderSession
  private let reader: LibNFCReader
  private let patience: Double
  private let activated: @Sendable (Activation) -> Void
  private var deadline: Duration
  private var card: (any ActivatedCard)?

  /// - Parameters:
  ///   - patience: how many seconds a card is waited for.
  ///   - deadline: how long an answer may take at first.
  ///   - activated: told of each activation of a card: nothing is selected on it.
  init(
    session: ReaderSession, reader: LibNFCReader, patience: Double, deadline: Duration,
    activated: @escaping @Sendable (Activation) -> Void = { _ in }
  ) {
    self.session = session
    self.reader = reader
    self.patience = patience
    self.deadline = deadline
    self.activated = activated
  }

  /// - Returns: nil for what has no answer.
  /// - Throws: `CommandFailure`.
  func perform(_ instruction: Instruction) async throws -> Answer? {
    switch instruction {
    case .exchange(let command, _): return try await exchange(command)
    case .deadline(let milliseconds): deadline = .milliseconds(milliseconds)
    case .reset: try await reset()
    case .wait(let seconds): _ = try await newCard(patience: seconds.map(Double.init))
    case .help, .quit: break
    }
    return nil
  }

  private func exchange(_ command: CommandAPDU) async throws -> Answer {
    let card = try await presentCard()
    let start = ContinuousClock.now
    do throws(CardError) {
      let response = try await card.transmit(command, deadline: start + deadline)
      return Answer(response: response, time: .now - start)
    } catch {
      release()
      throw CommandFailure(error)
    }
  }

  private func reset() async throws {
    guard let card else {
      _ = try await presentCard()
      return
    }
    do throws(CardError) {
      try await card.reactivate(deadline: .now + .seconds(patience))
    } catch {
      release()
      throw CommandFailure(error)
    }
    activated(await card.activation)
  }

  private func presentCard() async throws -> any ActivatedCard {
    if let card { return card }
    return try await newCard()
  }

  private func newCard(patience: Double? = nil) async throws -> any ActivatedCard {
    release()
    let card = try await session.card(on: reader, wait: patience ?? self.patience)
    self.card = card
    activated(await card.activation)
    return card
  }

  private func release() {
    card?.release()
    card = nil
  }
}
