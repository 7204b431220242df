import PN53x
import Reader
import SmartCard

/// Asks the reader everything there is to ask, in an order in which no question spoils the next, and
/// leaves it as it was found: the field off, no card selected.
struct ReaderExamination {
  private let reader: any DiagnosableReader
  private let limits: Diagnosis.Limits
  private let now: @Sendable () -> ContinuousClock.Instant
  private let loadedLibrary: @Sendable () -> String?
  private var end: ContinuousClock.Instant
  private var facts = ReaderFacts(opening: .notTried)
  private var failuresInARow = 0

  static let longEchoLength = 200
  private static let roundTrips = 15
  private static let looks = 5
  /// So many commands without an answer, one after the other, and the rest is not asked.
  private static let patience = 2

  init(
    _ reader: any DiagnosableReader, limits: Diagnosis.Limits,
    now: @escaping @Sendable () -> ContinuousClock.Instant,
    loadedLibrary: @escaping @Sendable () -> String?
  ) {
    self.reader = reader
    self.limits = limits
    end = now() + limits.opening
    self.now = now
    self.loadedLibrary = loadedLibrary
  }

  func run() async -> ReaderFacts {
    var examination = self
    await examination.examine()
    return examination.facts
  }

  private mutating func examine() async {
    do throws(ReaderError) {
      try await reader.open(deadline: end)
    } catch {
      facts.opening = .failed(error)
      return
    }
    guard let information = reader.information else { return }
    facts.opening = .opened(information)
    facts.loadedLibrary = loadedLibrary()
    end = now() + limits.examination
    await measure()
    await echo()
    await selfTests()
    await lookForCards()
  }

  private mutating func mayAsk() -> Bool {
    if now() >= end { facts.isCutShort = true }
    return failuresInARow < Self.patience && !facts.isCutShort
  }

  /// Nil when the reader did not answer, or is not asked any more.
  private mutating func ask(_ command: ChipCommand) async -> [UInt8]? {
    guard mayAsk() else { return nil }
    facts.commands += 1
    do throws(ReaderError) {
      let answer = try await reader.chipCommand(
        command.bytes, deadline: min(end, now() + limits.command))
      failuresInARow = 0
      return answer
    } catch {
      if case .fault(.chip(let status)) = error {
        failuresInARow = 0
        return [status]
      }
      failuresInARow += 1
      facts.failures.append(error)
      return nil
    }
  }

  private mutating func timed(_ command: ChipCommand) async -> (answer: [UInt8], time: Int)? {
    let start = now()
    guard let answer = await ask(command) else { return nil }
    return (answer, (now() - start).wholeMicroseconds)
  }
}

// MARK: - Line and chip

extension ReaderExamination {
  private mutating func measure() async {
    for _ in 0..<Self.roundTrips {
      guard let (answer, time) = await timed(.getFirmwareVersion) else { continue }
      facts.firmware = facts.firmware ?? answer
      facts.timing.roundTrips.append(time)
    }
  }

  /// Diagnose 00 returns what it is sent (UM0701-02, 7.2.1). Each text differs from the one before,
  /// so that an answer that comes one command late is known as such.
  private mutating func echo() async {
    for round in UInt8(0)..<4 {
      let text = (UInt8(0)..<16).map { $0 &* 17 &+ round &* 3 }
      if let answer = await ask(.diagnose(.communicationLine, text)) {
        facts.echoes.append(ReaderFacts.Echo(sent: [0x00] + text, received: answer))
      }
    }
    for _ in 0..<3 {
      if let (_, time) = await timed(.diagnose(.communicationLine, [0x55])) {
        facts.timing.shortEcho = min(facts.timing.shortEcho ?? time, time)
      }
      let long = [UInt8](repeating: 0x55, count: Self.longEchoLength)
      if let (answer, time) = await timed(.diagnose(.communicationLine, long)),
        answer.count == long.count + 1
      {
        facts.timing.longEcho = min(facts.timing.longEcho ?? time, time)
      }
    }
  }

  private mutating func selfTests() async {
    facts.rom = await ask(.diagnose(.rom))?.first
    facts.ram = await ask(.diagnose(.ram))?.first
    if facts.version?.chip != .pn531 {
      facts.antenna = await ask(.diagnose(.antenna, [Self.antennaThresholds]))?.first
    }
    facts.generalStatus = await ask(.getGeneralStatus)
  }

  /// The detector on, its limits as wide as they go (5 mA, 150 mA): what is out of these is an open
  /// or a shorted antenna, not a case of taste (PN532/C1 data sheet, 8.6.9.2; register 610C).
  private static let antennaThresholds: UInt8 = 0b0000_1111
}

// MARK: - Cards

extension ReaderExamination {
  private mutating func lookForCards() async {
    for look in 0..<Self.looks {
      await resetField()
      if look == 0 {
        facts.fieldControl = await ask(.readRegister(0x6304))?.last
      }
      guard let found = await list() else { return }
      facts.cards.looks.append(found)
      // Nobody laid a card there; five looks would only cost time.
      if found.isEmpty, look == 0 { break }
      if look == Self.looks - 1, found.count == 1, found[0].isISODEP {
        await selectApplication(on: found[0].kind)
      }
    }
    _ = await ask(.field(on: false))
  }

  /// Off for longer than a card remembers (5 ms, ISO/IEC 14443-3, 6.2.4), then on again.
  private mutating func resetField() async {
    _ = await ask(.field(on: false))
    try? await Task.sleep(for: .milliseconds(6))
    _ = await ask(.field(on: true))
    try? await Task.sleep(for: .milliseconds(6))
  }

  /// Nil when the reader does not answer, or a card's data make no sense.
  private mutating func list() async -> [PassiveTarget]? {
    var found: [PassiveTarget] = []
    for kind in TargetKind.allCases {
      if kind == .typeB, facts.version?.supportsTypeB != true { continue }
      guard let answer = await ask(kind.listCommand) else { return nil }
      do throws(ChipAnswerError) {
        found += try PassiveTarget.list(answer, kind: kind)
      } catch {
        facts.cards.malformed = error.explanation
        return nil
      }
    }
    return found
  }

  /// Listed once more, alone: looking for the other kind lets go of a card.
  private mutating func selectApplication(on kind: TargetKind) async {
    await resetField()
    guard await ask(kind.listCommand)?.first == 1 else { return }
    let select = [0x00, 0xA4, 0x04, 0x00, 0x07] + Self.oathApplication
    guard let command = ChipCommand.dataExchange(select).first,
      let (answer, time) = await timed(command)
    else { return }
    facts.cards.selection = answer
    facts.timing.selection = time
    _ = await ask(.releaseAll)
  }

  private static let oathApplication: [UInt8] = [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01]
}

extension ChipCommand {
  enum SelfTest: UInt8 {
    case communicationLine = 0x00
    case rom = 0x01
    case ram = 0x02
    case antenna = 0x07
  }

  static func diagnose(_ test: SelfTest, _ parameters: [UInt8] = []) -> ChipCommand {
    ChipCommand(.diagnose, [test.rawValue] + parameters)
  }

  static func readRegister(_ address: UInt16) -> ChipCommand {
    ChipCommand(raw: [0x06, UInt8(address >> 8), UInt8(address & 0xFF)])
  }
}

extension Duration {
  var wholeMicroseconds: Int {
    let (seconds, attoseconds) = components
    return Int(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
