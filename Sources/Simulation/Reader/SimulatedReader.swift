import Glibc
import Synchronization

/// A PN532 on a serial port of its own: what libnfc and nfcpy open as real hardware.
///
/// One thread serves the port. Every call here takes effect before it returns and may be made from
/// any thread. `stop()`, or the last reference going, ends the thread and removes the port.
public final class SimulatedReader: Sendable {
  private let engine: ReaderEngine

  /// The port's path, `/dev/pts/N`.
  public var path: String { engine.path }

  /// What libnfc takes as a device.
  public var connectionString: String { "pn532_uart:\(path):\(SerialChip.initialSpeed)" }

  public init(timing: Timing = .unpaced, cards: [any VirtualCard] = []) throws(SimulationError) {
    engine = try ReaderEngine(timing: timing)
    for card in cards { insert(card) }
    try engine.start()
  }

  deinit { engine.stop() }

  /// Ends the simulation; may be called twice.
  public func stop() { engine.stop() }

  /// Brings a card into the field; one that is there already is left alone.
  public func insert(_ card: any VirtualCard) {
    engine.change { serial, now in
      serial.chip.insert(card, at: now)
      serial.fieldChanged(at: now)
    }
  }

  /// Takes a card out of the field; nothing if it was not there.
  public func remove(_ card: any VirtualCard) {
    engine.change { serial, now in
      serial.chip.remove(card, at: now)
      serial.fieldChanged(at: now)
    }
  }

  public func removeAllCards() {
    engine.change { serial, now in
      for card in serial.chip.cardsInField { serial.chip.remove(card, at: now) }
      serial.fieldChanged(at: now)
    }
  }

  public var counters: Counters { engine.change { serial, _ in serial.counters } }
}
