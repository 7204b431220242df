/// A PN532 without a host interface: commands in, answers out, time as a value.
///
/// A transport hands over each command with `begin`, calls `resume` when the returned time has
/// come, and delivers the answer. It never blocks and never reads a clock.
public struct SimulatedChip {
  /// Which member of the family it is.
  public enum Model: Sendable { case pn532, pn533 }

  /// Whether the chip listens.
  public enum Power: Equatable, Sendable {
    case awake
    /// Low battery mode after power-up, or power-down; the serial line wakes it if it may.
    case asleep(wakesOnSerial: Bool)
  }

  public let model: Model
  public let timing: Timing
  public internal(set) var power = Power.asleep(wakesOnSerial: true)
  /// A serial speed in baud that was asked for and awaits the host's acknowledgement.
  public var requestedSpeed: Int?

  var registers = ChipRegisters()
  var radio: RadioFrontEnd
  /// Automatic RATS and ATR_RES, as after a reset (UM0701-02 §7.2.9).
  var parameters: UInt8 = 0x14
  var samMode: UInt8 = 1
  var gpio: [UInt8] = [0x3F, 0x06, 0x00]
  var targets: [UInt8: ActivatedTarget] = [:]
  var lastError = ChipStatus.ok
  var operation: ChipOperation?

  public init(model: Model = .pn532, timing: Timing = .paced) {
    self.model = model
    self.timing = timing
    radio = RadioFrontEnd(timing: timing)
  }

  /// Cuts the supply for a moment: settings, targets and field are gone, the chip sleeps.
  public mutating func reset() {
    var fresh = SimulatedChip(model: model, timing: timing)
    fresh.radio.field = radio.field
    fresh.radio.field.switchOff()
    self = fresh
  }

  public mutating func wakeUp() { power = .awake }

  // MARK: The field

  public mutating func insert(_ card: any VirtualCard, at now: Duration) {
    radio.field.insert(card)
    guard case .polling(var polling) = operation else { return }
    polling.fieldChanged(at: now)
    operation = .polling(polling)
  }

  /// Takes a card away. An exchange with it that is under way ends in a time-out.
  public mutating func remove(_ card: any VirtualCard, at now: Duration) {
    radio.field.remove(card)
    if case .finishing(let finishing) = operation, finishing.due > now, let lost = finishing.ifLost
    {
      operation = .finishing(Finishing(answer: lost.answer, due: now + lost.after, ifLost: nil))
    }
  }

  /// Arms a fault of the card that is addressed when its turn comes.
  public mutating func arm(_ fault: CardFault, index: Int = 0, repeats: Bool = false) {
    radio.field.faults.arm(fault, index: index, repeats: repeats)
  }

  public mutating func disarmCardFaults() { radio.field.faults.disarm() }
  public var cardFaultsFired: Int { radio.field.faults.fired }

  /// Cards that faults have pulled since this was last asked. The caller brings back those that
  /// return.
  public mutating func takeDepartures() -> [(card: any VirtualCard, returnsAfter: Duration?)] {
    radio.field.takeDepartures()
  }

  public var cardsInField: [any VirtualCard] { radio.field.cards.map(\.card) }

  // MARK: Commands

  /// Starts a command: its code and parameters, without the frame identifier. One that was
  /// running is given up.
  public mutating func begin(_ command: [UInt8], at now: Duration) -> ChipProgress {
    operation = nil
    radio.restartClock()
    guard let code = command.first else { return .done(.syntaxError) }
    operation = start(code, Array(command.dropFirst()), at: now)
    return resume(at: now)
  }

  /// Goes on with the running command.
  public mutating func resume(at now: Duration) -> ChipProgress {
    guard let running = operation else { return .waiting(until: nil) }
    switch running {
    case .finishing(let finishing):
      guard finishing.due <= now else { return .waiting(until: finishing.due) }
      operation = nil
      return .done(finishing.answer)
    case .idling:
      return .waiting(until: nil)
    case .polling(let polling):
      return poll(polling, at: now)
    }
  }

  /// Gives up the running command without an answer.
  public mutating func abort() {
    operation = nil
  }

  public var isBusy: Bool { operation != nil }
}

/// A command under way.
enum ChipOperation {
  /// The answer is known and comes at its time.
  case finishing(Finishing)
  /// Nothing will ever come of it, until it is given up.
  case idling
  case polling(Polling)
}

struct Finishing {
  var answer: ChipAnswer
  var due: Duration
  /// What becomes of it if the card goes before.
  var ifLost: (answer: ChipAnswer, after: Duration)?
}
