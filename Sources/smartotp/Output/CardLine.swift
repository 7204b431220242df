import Reader
import SmartCard

/// A line of `smartotp poll`; the keys are those of the protocol document.
struct CardLine: Encodable, Equatable {
  var event: String
  var type: String?
  var uid: String?
  var atqa: String?
  var sak: String?
  var ats: String?
  var atqb: String?
  var frameWaitingTimeMs: Double?
  var maxFrame: Int?
  /// How many cards are in the field, when more than one.
  var cards: Int?
  /// What is wrong with a card whose activation data break the standard, or with the reader.
  var problem: String?

  static func lines(for event: CardEvent, present: [Activation]) -> [CardLine] {
    switch event {
    case .entered(let cards):
      cards.map { CardLine(event: "card-entered", card: $0, count: cards.count) }
    case .malformedCardEntered(let problem):
      [CardLine(event: "card-entered", problem: problem)]
    case .left:
      present.isEmpty
        ? [CardLine(event: "card-left")]
        : present.map { CardLine(event: "card-left", card: $0, count: present.count) }
    case .readerLost(let error): [CardLine(event: "reader-lost", problem: error.explanation)]
    case .readerBack: [CardLine(event: "reader-back")]
    case .clear, .failed: []
    }
  }

  init(event: String, problem: String? = nil) {
    self.event = event
    self.problem = problem
  }

  init(event: String, card: Activation, count: Int) {
    self.event = event
    uid = Hexadecimal.text(card.uid)
    frameWaitingTimeMs = Double(card.frameWaitingTime.microseconds) / 1000
    maxFrame = card.maximumFrame
    cards = count > 1 ? count : nil
    switch card {
    case .typeA(let card):
      type = "A"
      atqa = Hexadecimal.text([
        UInt8(truncatingIfNeeded: card.atqa.rawValue >> 8),
        UInt8(truncatingIfNeeded: card.atqa.rawValue),
      ])
      sak = Hexadecimal.text([card.sak.rawValue])
      ats = card.ats.map { Hexadecimal.text($0.bytes) }
    case .typeB(let card):
      type = "B"
      atqb = Hexadecimal.text(card.atqb.bytes)
    }
  }

  var text: String {
    ([event, properties].filter { !$0.isEmpty }).joined(separator: "  ")
  }

  /// All but the event.
  var properties: String {
    var parts: [String] = []
    if let type { parts.append("type \(type)") }
    if let uid { parts.append("uid \(uid)") }
    if let atqa { parts.append("atqa \(atqa)") }
    if let sak { parts.append("sak \(sak)") }
    if let ats { parts.append("ats \(ats)") }
    if let atqb { parts.append("atqb \(atqb)") }
    if event == "card-entered", let frameWaitingTimeMs, let maxFrame {
      parts.append("fwt \(frameWaitingTimeMs) ms")
      parts.append("max frame \(maxFrame)")
    }
    if let cards { parts.append("(one of \(cards) cards in the field)") }
    if let problem { parts.append(problem) }
    return parts.joined(separator: "  ")
  }
}
