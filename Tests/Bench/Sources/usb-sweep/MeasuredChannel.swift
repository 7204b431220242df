import SmartCard
import Synchronization

/// A channel that notes by how much each answer missed its deadline.
struct MeasuredChannel: CardChannel {
  let channel: any CardChannel
  let overruns: Overruns

  var activation: Activation { get async { await channel.activation } }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    defer { overruns.note(deadline) }
    return try await channel.transmit(command, deadline: deadline)
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    defer { overruns.note(deadline) }
    try await channel.reactivate(deadline: deadline)
  }
}

/// Microseconds from deadline to answer, 0 for answers in time.
final class Overruns: Sendable {
  private let values = Mutex<[Int64]>([])

  func note(_ deadline: ContinuousClock.Instant) {
    let late = deadline.duration(to: .now)
    let microseconds =
      late.components.seconds * 1_000_000 + late.components.attoseconds / 1_000_000_000_000
    values.withLock { $0.append(max(0, microseconds)) }
  }

  var all: [Int64] { values.withLock { $0 } }
}
