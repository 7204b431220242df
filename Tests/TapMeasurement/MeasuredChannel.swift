import SmartCard

/// A channel that notes by how much each answer missed its deadline.
public struct MeasuredChannel: CardChannel {
  let channel: any CardChannel
  let overruns: Overruns

  public init(channel: any CardChannel, overruns: Overruns) {
    self.channel = channel
    self.overruns = overruns
  }

  public var activation: Activation { get async { await channel.activation } }

  public func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    defer { overruns.note(deadline) }
    return try await channel.transmit(command, deadline: deadline)
  }

  public func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    defer { overruns.note(deadline) }
    try await channel.reactivate(deadline: deadline)
  }
}
