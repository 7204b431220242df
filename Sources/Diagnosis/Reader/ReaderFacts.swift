import PN53x
import Reader

/// What the reader itself answered. Nil and empty where it was not asked, or did not answer.
struct ReaderFacts: Sendable {
  enum Opening: Sendable {
    /// Left alone: something is in the way, or there is none.
    case notTried
    case opened(ReaderInformation)
    case failed(ReaderError)
  }

  var opening: Opening
  var connstring: String?
  /// The libnfc that the driver process has mapped.
  var loadedLibrary: String?

  /// What a serial port sent back that libnfc did not understand.
  var serialAnswer: SerialAnswer?

  /// Whether it was gone from the bus, or there anew, when everything was asked.
  var hasLeft = false

  /// Chip commands sent, and those that got no answer.
  var commands = 0
  var failures: [ReaderError] = []
  /// Whether the time was over before everything was asked.
  var isCutShort = false

  var firmware: [UInt8]?
  var echoes: [Echo] = []
  /// Results of the chip's own tests; 0 is good.
  var rom: UInt8?
  var ram: UInt8?
  var antenna: UInt8?
  /// The answer of GetGeneralStatus.
  var generalStatus: [UInt8]?
  /// CIU_TxControl after the field was switched on.
  var fieldControl: UInt8?
  var cards = CardFacts()
  var timing = TimingFacts()

  /// Bytes sent through the chip and back.
  struct Echo: Sendable {
    var sent: [UInt8]
    var received: [UInt8]
  }

  init(opening: Opening) { self.opening = opening }

  var information: ReaderInformation? {
    if case .opened(let information) = opening { information } else { nil }
  }

  /// Whether it did not open, or left a command without an answer.
  var hasFailed: Bool {
    if case .failed = opening { true } else { !failures.isEmpty }
  }

  var version: FirmwareVersion? { firmware.flatMap { try? FirmwareVersion(parsing: $0) } }
}

/// What lies on the reader.
struct CardFacts: Sendable {
  /// The cards of each look, the field switched off in between.
  var looks: [[PassiveTarget]] = []
  /// What is wrong with a card's activation data.
  var malformed: String?
  /// The chip's answer to the exchange that selects the card's OATH application, status byte first.
  var selection: [UInt8]?

  /// The cards of the first look that saw any.
  var present: [PassiveTarget] { looks.first { !$0.isEmpty } ?? [] }
}

/// Durations in microseconds.
struct TimingFacts: Sendable {
  /// Of a command of two bytes and its short answer.
  var roundTrips: [Int] = []
  /// Of the shortest and the longest echo, the best of several.
  var shortEcho: Int?
  var longEcho: Int?
  /// From the SELECT to the card's answer.
  var selection: Int?

  /// How many more bytes cross the line for the longest echo than for the shortest, both ways.
  static let echoDifference = 2 * (ReaderExamination.longEchoLength - 1)

  var median: Int? { rank(50) }
  var ninetieth: Int? { rank(90) }

  private func rank(_ percent: Int) -> Int? {
    let sorted = roundTrips.sorted()
    return sorted.isEmpty ? nil : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
  }
}
