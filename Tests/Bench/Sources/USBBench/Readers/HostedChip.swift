import Simulation

/// The chip as a reader's electronics see it: commands in, answers out, with the faults armed for
/// it.
struct HostedChip {
  private(set) var chip: SimulatedChip
  private var faults = FaultQueue<(code: UInt8?, fault: ChipFault)>()
  private var command: UInt8 = 0
  private var answerFault: ChipFault?
  private var due: Duration?
  /// An answer that a fault holds back.
  private var late: (answer: ChipAnswer, due: Duration)?
  private var ready: ChipAnswer?
  private var returns: [(card: any VirtualCard, due: Duration)] = []

  /// How a command was received.
  enum Reception: Equatable {
    case acknowledged
    case negativelyAcknowledged
    case ignored
  }

  init(model: SimulatedChip.Model, timing: Timing) {
    chip = SimulatedChip(model: model, timing: timing)
    chip.wakeUp()
  }

  var nextEvent: Duration? {
    ([due, late?.due] + returns.map(\.due)).compactMap(\.self).min()
  }

  mutating func begin(_ command: [UInt8], at now: Duration) -> Reception {
    abort()
    // A chip that was powered down hears its serial line at best, and none goes there.
    guard chip.power == .awake else { return .ignored }
    self.command = command.first ?? 0
    let fault = faults.happening { ($0.code ?? command.first) == command.first }.first?.fault
    switch fault {
    case .ignore: return .ignored
    case .reset:
      chip.reset()
      chip.wakeUp()
      return .ignored
    case .negativeAcknowledge: return .negativelyAcknowledged
    case .mute: break
    case .syntaxError: ready = .syntaxError
    case .refuse(let status): ready = .data([self.command &+ 1, status])
    case let fault:
      answerFault = fault
      progress(chip.begin(command, at: now), at: now)
    }
    return .acknowledged
  }

  /// Gives up the running command without an answer.
  mutating func abort() {
    chip.abort()
    due = nil
    late = nil
    ready = nil
    answerFault = nil
  }

  mutating func advance(to now: Duration) {
    if let index = returns.firstIndex(where: { $0.due <= now }) {
      insert(returns.remove(at: index).card, at: now)
    }
    if let due, due <= now { progress(chip.resume(at: now), at: now) }
    if let late, late.due <= now {
      ready = late.answer
      self.late = nil
    }
  }

  mutating func takeAnswer() -> ChipAnswer? { ready.take() }

  private mutating func progress(_ progress: ChipProgress, at now: Duration) {
    for departure in chip.takeDepartures() {
      if let after = departure.returnsAfter { returns.append((departure.card, now + after)) }
    }
    switch progress {
    case .waiting(let until): due = until
    case .done(let answer):
      due = nil
      finish(answer, at: now)
    }
  }

  private mutating func finish(_ answer: ChipAnswer, at now: Duration) {
    switch answerFault.take() {
    case .status(let status): ready = .data([command &+ 1, status])
    case .answer(let bytes): ready = .data(bytes)
    case .delay(let duration): late = (answer, now + duration)
    default: ready = answer
    }
  }

  // MARK: Field and faults

  mutating func insert(_ card: any VirtualCard, at now: Duration) {
    chip.insert(card, at: now)
    fieldChanged(at: now)
  }

  mutating func remove(_ card: any VirtualCard, at now: Duration) {
    chip.remove(card, at: now)
    fieldChanged(at: now)
  }

  private mutating func fieldChanged(at now: Duration) {
    if chip.isBusy { progress(chip.resume(at: now), at: now) }
  }

  mutating func loseSupply() {
    abort()
    chip.reset()
    chip.wakeUp()
  }

  /// Arms a fault of chip or card; one of a serial line has no place here.
  mutating func arm(_ fault: Fault) {
    switch fault.site {
    case .chip(let code, let action):
      faults.arm((code, action), index: fault.index, repeats: fault.repeats)
    case .card(let action): chip.arm(action, index: fault.index, repeats: fault.repeats)
    case .line: break
    }
  }

  mutating func disarm() {
    faults.disarm()
    chip.disarmCardFaults()
  }
}
