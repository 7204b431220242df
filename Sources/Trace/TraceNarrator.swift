import SmartCard

/// Tells in words what a trace holds: give it events in order, take entries.
///
/// Knows the application selected, so that instructions and data objects have their names; follows
/// chains, so that an object cut in two is one; and hides what `APDUMasker` hides. Total: any bytes
/// give entries.
public struct TraceNarrator: Sendable {
  private struct Question {
    var name: String
    var instruction: UInt8
    var dialect: Dialect
    var selects = false
    var time: UInt64 = 0
    var frames: [AirFrame] = []
  }

  private let masking: Masking
  private var masker = APDUMasker(.secrets)
  private var isCardThere = false
  private var checksum = FrameChecksum.typeA
  private var blocks = Self.blocks(for: nil)
  /// The command that waits for its answer.
  private var question: Question?
  /// What the last answer's chain began with: whose objects go on in the next.
  private var chained: Question?
  private var begunCommand = MaskedBytes.shown([])
  private var begunResponse = MaskedBytes.shown([])
  private var repeats = ChipRepeats()
  private var lastTime: UInt64 = 0

  public init(masking: Masking = .secrets) {
    self.masking = masking
  }

  /// - Parameter time: nanoseconds since 1970.
  public mutating func tell(_ event: TraceEvent, at time: UInt64) -> [TraceEntry] {
    if case .chip(let exchange) = event {
      defer { lastTime = time }
      guard repeats.isNew(exchange) else { return [] }
      return entries(.chip(ChipCommandExplanation(exchange, masking: masking)), at: time)
    }
    repeats.forget()
    switch event {
    case .activated(let activation):
      begin(activation)
      return entries(.activated(activation), at: time)
    case .command(let bytes): return entries(.command(command(bytes, at: time)), at: time)
    case .response(let bytes): return entries(response(bytes, at: time), at: time)
    case .lost:
      masker = APDUMasker(.secrets)
      defer { isCardThere = false }
      return entries(isCardThere ? .lost : nil, at: time)
    case .note(let text): return entries(.note(text), at: time)
    case .chip: return []
    }
  }

  /// What was only counted so far.
  public mutating func finish() -> [TraceEntry] { entries(nil, at: lastTime) }

  private mutating func entries(_ content: TraceEntry.Content?, at time: UInt64) -> [TraceEntry] {
    let repeated = repeats.takeCount().map { TraceEntry(lastTime, .chipRepeated($0)) }
    return [repeated, content.map { TraceEntry(time, $0) }].compactMap(\.self)
  }
}

// MARK: - Cards

extension TraceNarrator {
  private mutating func begin(_ activation: Activation) {
    isCardThere = true
    masker = APDUMasker(.secrets)
    checksum = activation.checksum
    blocks = Self.blocks(for: activation)
    question = nil
    chained = nil
    begunCommand = .shown([])
    begunResponse = .shown([])
  }

  private static func blocks(for activation: Activation?) -> BlockProtocol {
    BlockProtocol(
      cardFrame: activation?.maximumFrame ?? 256, readerFrame: AirTrace.readerFrame,
      checksum: activation?.checksum ?? .typeA)
  }

  private func shown(_ masked: MaskedBytes, _ original: [UInt8]) -> MaskedBytes {
    masking == .secrets ? masked : masked.revealed(as: original)
  }

  private mutating func command(_ bytes: [UInt8], at time: UInt64) -> CommandExplanation {
    isCardThere = true
    let isOATH = masker.isOATHSelected
    let masked = masker.command(bytes)
    let command = try? CommandAPDU(parsing: bytes)
    let dialect: Dialect =
      (command?.cla ?? 0) & 0x80 != 0 ? .foreign : isOATH ? .oath : .iso7816
    let explanation = CommandExplanation(
      command, bytes: shown(masked, bytes), dialect: dialect, begun: begunCommand)
    let isChained = (command?.cla ?? 0) & 0x90 == CommandAPDU.chainingBit
    begunCommand = Self.begun(explanation.unexplained, isChained)
    let goesOn = command?.fetchesMore == true
    if !goesOn { begunResponse = .shown([]) }
    var asked = Question(
      name: explanation.name, instruction: command?.ins ?? 0, dialect: dialect,
      selects: command?.selectsApplication == true)
    if goesOn, let chained {
      asked = chained
      asked.name = explanation.name
    }
    if asked.selects, masker.selectsOATH { asked.dialect = .oath }
    asked.time = time
    asked.frames = blocks.command(bytes)
    question = asked
    return explanation
  }

  /// What the next part of a chain goes on from. No object is longer than an APDU.
  private static func begun(_ rest: MaskedBytes, _ goesOn: Bool) -> MaskedBytes {
    goesOn && rest.count <= ResponseAPDU.maximumData ? rest : .shown([])
  }

  private mutating func response(_ bytes: [UInt8], at time: UInt64) -> TraceEntry.Content {
    isCardThere = true
    let masked = masker.response(bytes)
    let asked = question
    let response = try? ResponseAPDU(parsing: bytes)
    let explanation = ResponseExplanation(
      response, bytes: shown(masked, bytes), dialect: asked?.dialect ?? .iso7816,
      instruction: asked?.instruction, toSelection: asked?.selects == true, begun: begunResponse)
    let hasMore = response?.statusWord.sw1 == 0x61
    chained = hasMore ? asked : nil
    begunResponse = Self.begun(explanation.unexplained, hasMore)
    question = nil
    let frames = (asked?.frames ?? []) + blocks.response(bytes)
    let took = asked.flatMap { time >= $0.time ? time - $0.time : nil }
    return .response(
      explanation, to: asked?.name, took: took, onAir: AirTime.microseconds(frames, checksum))
  }
}
