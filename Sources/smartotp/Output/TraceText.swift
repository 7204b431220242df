import Reader
import SmartCard
import Trace

/// An entry of a decoded trace for people: seconds since the first, what it is, what it says; below
/// it data objects and bytes.
struct TraceText {
  private let entry: TraceEntry
  private let object: TraceObject
  private let time: String

  private static let indentation = String(repeating: " ", count: 21)
  /// Bytes of an APDU in one line; JSON has them all.
  private static let shownBytes = 64

  /// - Parameter start: the first entry's time.
  init(_ entry: TraceEntry, _ object: TraceObject, since start: UInt64) {
    self.entry = entry
    self.object = object
    let milliseconds = entry.time > start ? (entry.time - start) / 1_000_000 : 0
    let part = String(milliseconds % 1000)
    let zeros = String(repeating: "0", count: 3 - part.count)
    let seconds = "\(milliseconds / 1000).\(zeros)\(part)"
    time = String(repeating: " ", count: max(0, 9 - seconds.count)) + seconds
  }

  var text: String {
    let word = object.event + String(repeating: " ", count: max(0, 8 - object.event.count))
    let first = "\(time)  \(word)  \(summary)"
    return ([first] + details.map { Self.indentation + $0 }).joined(separator: "\n")
  }

  private var summary: String {
    switch entry.content {
    case .activated(let card): CardLine(event: "card-entered", card: card, count: 1).properties
    case .lost: "let go of, or gone"
    case .command(let command): Self.joined(command.name, command.detail)
    case .response(let response, _, _, let onAir):
      Self.joined(
        [response.statusWord?.description, response.meaning].compactMap(\.self)
          .joined(separator: " "), duration(onAir: onAir))
    case .chip(let chip):
      "\(Self.joined(chip.name, chip.detail))  ->  \(chip.result)"
        + "  (\(Self.milliseconds(UInt64(chip.microseconds))))"
    case .chipRepeated(let count): "the same \(count == 1 ? "once" : "\(count) times") more"
    case .note(let text): text
    }
  }

  private static func joined(_ name: String, _ detail: String?) -> String {
    detail.map { "\(name)  \($0)" } ?? name
  }

  private func duration(onAir: UInt64) -> String {
    let air = "on the air \(Self.milliseconds(onAir)) at 106 kbit/s"
    return object.tookUs.map { "(\(Self.milliseconds($0)), \(air))" } ?? "(\(air))"
  }

  private static func milliseconds(_ microseconds: UInt64) -> String {
    "\(microseconds / 1000).\(microseconds % 1000 / 100) ms"
  }

  private var details: [String] {
    switch entry.content {
    case .command(let command):
      lines(command.fields, command.unexplained) + [command.bytes.text(atMost: Self.shownBytes)]
    case .response(let response, _, _, _):
      // A status word alone is in the first line.
      lines(response.fields, response.unexplained, goesOn: response.statusWord?.sw1 == 0x61)
        + (response.bytes.count == 2 ? [] : [response.bytes.text(atMost: Self.shownBytes)])
    default: []
    }
  }

  private func lines(
    _ fields: [DataField], _ rest: MaskedBytes, goesOn: Bool = false
  ) -> [String] {
    let count = ShownText.byteCount(rest.count)
    var end: [String] = []
    if goesOn, !rest.isEmpty {
      end = ["\(count) that go on in the next answer"]
    } else if rest.hidesAny {
      end = ["\(count) masked"]
    } else if !rest.isEmpty, !fields.isEmpty {
      end = ["\(count): \(rest.text(atMost: Self.shownBytes))"]
    }
    return fields.map(\.line) + end
  }
}

extension DataField {
  fileprivate var line: String {
    let head =
      String(repeating: "  ", count: depth) + tagText + (name.map { " \($0)" } ?? "")
    if value.hidesAll { return "\(head): \(ShownText.byteCount(value.count)) masked" }
    let text = meaning ?? value.text(atMost: 64)
    return text.isEmpty ? head : "\(head): \(text)"
  }
}
