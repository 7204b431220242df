import SmartCard

/// A card that answers from a list and keeps what it was sent.
actor ScriptedChannel: CardChannel {
  let activation: Activation
  let acceptsExtendedLength: Bool
  private(set) var received: [CommandAPDU] = []
  private var answers: [[UInt8]]
  /// Given again and again once the answers are used up; without it the card is gone.
  private let lastAnswer: [UInt8]?
  private let failure: CardError

  init(
    _ answers: [[UInt8]], thenForever lastAnswer: [UInt8]? = nil,
    thenFailing failure: CardError = CardError(.removed), extended: Bool = false
  ) throws {
    self.failure = failure
    self.answers = answers
    self.lastAnswer = lastAnswer
    acceptsExtendedLength = extended
    activation = .typeA(
      TypeAActivation(
        atqa: ATQA(rawValue: 0x0004), sak: SAK(rawValue: 0x20), uid: try UID([1, 2, 3, 4]),
        ats: try ATS(parsing: [0x01])))
  }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    received.append(command)
    guard let answer = answers.isEmpty ? lastAnswer : answers.removeFirst() else {
      throw failure
    }
    do {
      return try ResponseAPDU(parsing: answer)
    } catch {
      throw CardError(.malformedResponse(error))
    }
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {}
}
