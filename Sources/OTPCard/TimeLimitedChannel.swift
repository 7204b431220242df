import SmartCard

/// A channel on which no single exchange takes longer than a limit, so that an answer lost on the
/// way costs a part of the caller's time and not all of it.
struct TimeLimitedChannel: CardChannel {
  let channel: any CardChannel
  let limit: Duration

  var activation: Activation { get async { await channel.activation } }
  var acceptsExtendedLength: Bool { get async { await channel.acceptsExtendedLength } }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    do {
      return try await channel.transmit(command, deadline: min(deadline, .now + limit))
    } catch {
      guard error.reason == .deadlinePassed, deadline > .now else { throw error }
      throw CardError(.timedOut, commandMayHaveRun: error.commandMayHaveRun)
    }
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    try await channel.reactivate(deadline: deadline)
  }
}
