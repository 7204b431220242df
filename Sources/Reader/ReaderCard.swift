import PN53x
import ReaderWire
import SmartCard
import Synchronization

/// One activated card on a `LibNFCReader`.
final class ReaderCard: ActivatedCard {
  private let reader: LibNFCReader
  private let kind: UInt8
  private struct Current {
    var activation: Activation
    /// The reader's count when this card was activated.
    var number: UInt64
    /// After a failure nothing is sent until the card was activated again.
    var isUsable = true
  }
  private let current: Mutex<Current>

  init(reader: LibNFCReader, activation: Activation, kind: UInt8, number: UInt64) {
    self.reader = reader
    self.kind = kind
    current = Mutex(Current(activation: activation, number: number))
  }

  var activation: Activation { get async { current.withLock { $0.activation } } }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    let apdu: [UInt8]
    do {
      apdu = try command.encoded()
    } catch {
      throw CardError(.commandNotEncodable(error))
    }
    let (number, isUsable) = current.withLock { ($0.number, $0.isUsable) }
    guard isUsable, reader.isCurrent(number), let link = reader.liveLink() else {
      // The card went with its reader.
      let gone = CardError(.reader(.gone), commandMayHaveRun: false)
      if isUsable, reader.state == .lost(.fault(.gone)) { throw gone }
      throw CardError(.removed, commandMayHaveRun: false)
    }
    reader.observer?.observe(.command(apdu))
    let reply = await link.request(
      .exchange(apdu), deadline: MonotonicClock.time(of: deadline))
    do throws(CardError) {
      let bytes = try response(in: reply)
      reader.observer?.observe(.response(bytes))
      do {
        return try ResponseAPDU(parsing: bytes)
      } catch {
        throw CardError(.malformedResponse(error))
      }
    } catch {
      current.withLock { $0.isUsable = false }
      if reader.state == .selected { reader.setState(.idle) }
      throw error
    }
  }

  private func response(in reply: DriverLink.Reply) throws(CardError) -> [UInt8] {
    if case .outcome(.failed(let fault)) = reply {
      // The driver gets the line going again by itself when the card is activated again.
      if [.gone, .notOpen, .outOfStep].contains(fault.kind) { reader.lose(fault) }
      throw CardError(fault)
    }
    do throws(ReaderError) {
      guard case .bytes(let bytes) = try reader.outcome(of: reply) else {
        throw .fault(.driverNonsense)
      }
      return bytes
    } catch {
      var fault = CardError(error)
      fault.commandMayHaveRun = true
      throw fault
    }
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    reader.observer?.observe(.lost)
    let uid = current.withLock { $0.activation.uid }
    var isAbsent = false
    while true {
      do throws(ReaderError) {
        let link = try await reader.openLink(deadline: deadline)
        let reply = await link.request(
          .reactivate(kind: kind, uid: uid),
          deadline: MonotonicClock.time(of: min(deadline, .now + LibNFCReader.attention)))
        if case .outcome(.failed(let fault)) = reply, fault.kind == .otherCard {
          throw .severalCards(2)
        }
        guard case .cards(let cards) = try reader.outcome(of: reply), let card = cards.first
        else { throw .fault(.driverNonsense) }
        let activation = try Activation(detected: card)
        let number = reader.newActivation()
        current.withLock { $0 = Current(activation: activation, number: number) }
        reader.observer?.observe(.activated(activation))
        return
      } catch {
        isAbsent = isAbsent || error == .noCard
        guard error.isTransient || error == .noCard, deadline > .now, !Task.isCancelled else {
          // The deadline may come in the middle of another look.
          throw CardError(isAbsent && error == .deadlinePassed ? .noCard : error)
        }
      }
    }
  }

  /// Microseconds for a DESELECT and its answer, and for a reader that is slow today.
  private static let releaseTime: UInt32 = 500_000

  func release() {
    let (number, isUsable) = current.withLock { current in
      defer { current.isUsable = false }
      return (current.number, current.isUsable)
    }
    guard isUsable, reader.isCurrent(number), let link = reader.liveLink() else { return }
    reader.observer?.observe(.lost)
    link.post(.release, budget: Self.releaseTime)
    if reader.state == .selected { reader.setState(.idle) }
  }
}
