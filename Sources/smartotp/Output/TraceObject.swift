import SmartCard
import Trace

/// An entry of a decoded trace as an object. In hexadecimal `**` stands for a masked byte.
struct TraceObject: Encodable {
  struct Field: Encodable {
    var tag: String
    var name: String?
    var value: String
    var meaning: String?
    /// How many objects it is inside of; left out for none.
    var depth: Int?
  }

  /// `card`, `lost`, `command`, `response`, `chip` or `note`.
  var event: String
  /// Microseconds since 1970.
  var timeUs: UInt64

  // Of a card: as `poll` has them.
  var type: String?
  var uid: String?
  var atqa: String?
  var sak: String?
  var ats: String?
  var atqb: String?
  var frameWaitingTimeMs: Double?
  var maxFrame: Int?

  // Of a command, a response, a chip command.
  /// The command's name.
  var name: String?
  var detail: String?
  var apdu: String?
  var fields: [Field]?
  var statusWord: String?
  /// Of the status word, or of what a chip answered.
  var meaning: String?
  var tookUs: UInt64?
  /// What command and response take on the air at 106 kbit/s, at least.
  var airUs: UInt64?
  var command: String?
  var answer: String?
  /// The chip's status byte.
  var status: String?
  var failed: Bool?
  /// How often the chip commands before came again.
  var repeated: Int?

  // Of a note.
  var text: String?

  init(_ entry: TraceEntry) {
    timeUs = entry.time / 1000
    event = "note"
    switch entry.content {
    case .activated(let card): set(card)
    case .lost: event = "lost"
    case .command(let command): set(command)
    case .response(let response, let name, let took, let onAir):
      set(response)
      self.name = name
      tookUs = took.map { $0 / 1000 }
      airUs = onAir
    case .chip(let chip): set(chip)
    case .chipRepeated(let count):
      event = "chip"
      repeated = count
    case .note(let text): self.text = text
    }
  }

  private mutating func set(_ card: Activation) {
    let line = CardLine(event: "card", card: card, count: 1)
    event = line.event
    (type, uid, atqa, sak) = (line.type, line.uid, line.atqa, line.sak)
    (ats, atqb, maxFrame) = (line.ats, line.atqb, line.maxFrame)
    frameWaitingTimeMs = line.frameWaitingTimeMs
  }

  private mutating func set(_ command: CommandExplanation) {
    event = "command"
    name = command.name
    detail = command.detail
    apdu = "\(command.bytes)"
    fields = command.fields.isEmpty ? nil : command.fields.map(Field.init)
  }

  private mutating func set(_ response: ResponseExplanation) {
    event = "response"
    statusWord = response.statusWord?.description
    meaning = response.meaning
    apdu = "\(response.bytes)"
    fields = response.fields.isEmpty ? nil : response.fields.map(Field.init)
  }

  private mutating func set(_ chip: ChipCommandExplanation) {
    event = "chip"
    name = chip.name
    detail = chip.detail
    command = "\(chip.command)"
    answer = chip.answer.map { "\($0)" }
    status = chip.status.map { Hexadecimal.text([$0]) }
    meaning = chip.result
    failed = chip.isFailure ? true : nil
    tookUs = UInt64(chip.microseconds)
  }
}

extension TraceObject.Field {
  init(_ field: DataField) {
    self.init(
      tag: field.tagText, name: field.name, value: "\(field.value)", meaning: field.meaning,
      depth: field.depth == 0 ? nil : field.depth)
  }
}

extension DataField {
  var tagText: String {
    let digits = String(tag.rawValue, radix: 16, uppercase: true)
    return digits.count.isMultiple(of: 2) ? digits : "0\(digits)"
  }
}
