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

  /// - Parameters:
  ///   - maximumSpeed: Above this the line distorts every byte, in baud; nil is no limit.
  ///   - observer: Called with each frame, on the simulator's thread, which it must not keep nor
  ///     call back into.
  public init(
    timing: Timing = .unpaced, cards: [any VirtualCard] = [], maximumSpeed: Int? = nil,
    observer: (@Sendable (FrameRecord) -> Void)? = nil
  ) throws(SimulationError) {
    engine = try ReaderEngine(timing: timing, maximumSpeed: maximumSpeed)
    engine.change { serial, _ in serial.recorder.observer = observer }
    for card in cards { insert(card) }
    try engine.start()
  }

  deinit { engine.stop() }

  /// Ends the simulation; may be called twice.
  public func stop() { engine.stop() }

  // MARK: The field

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
    for card in cards { remove(card) }
  }

  /// The cards in the field, in the order they came.
  public var cards: [any VirtualCard] { engine.change { serial, _ in serial.chip.cardsInField } }

  // MARK: Faults

  /// Arms a fault: its index counts from now.
  public func arm(_ fault: Fault) {
    engine.change { serial, _ in serial.arm(fault) }
  }

  /// Takes back all faults that have not happened. A line that was cut stays dead.
  public func disarm() {
    engine.change { serial, _ in serial.disarm() }
  }

  /// Mends a line that was cut.
  public func heal() {
    engine.change { serial, _ in serial.isCut = false }
  }

  /// How many faults have happened.
  public var faultsFired: Int { engine.change { serial, _ in serial.faultsFired } }

  // MARK: The record

  public var counters: Counters { engine.change { serial, _ in serial.counters } }

  /// The latest frames, oldest first, at least eight thousand of them.
  public var frames: [FrameRecord] { engine.change { serial, _ in serial.recorder.frames } }

  /// Takes the chip's power away and gives it back.
  public func powerCycle() {
    engine.change { serial, _ in serial.losePower() }
  }

  /// Starts counters, record and frame numbers anew.
  public func resetCounters() {
    engine.change { serial, _ in serial.resetCounters() }
  }
}
