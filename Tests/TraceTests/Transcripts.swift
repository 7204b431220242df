import TestMaterial
import Trace

/// Decoded traces as short lines, for comparison.
extension TraceEntry {
  var line: String {
    switch content {
    case .activated(let card): "card \(hex(card.uid))"
    case .lost: "lost"
    case .command(let command): (["> " + command.head] + command.fields.map(\.line)).joined("; ")
    case .response(let response, let name, _, _):
      (["< " + response.head + (name.map { " to \($0)" } ?? "")] + response.fields.map(\.line))
        .joined("; ")
    case .chip(let chip): "chip \(chip.line)"
    case .chipRepeated(let count): "chip \(count) more"
    case .note(let text): "note \(text)"
    }
  }
}

extension CommandExplanation {
  var head: String { detail.map { "\(name): \($0)" } ?? name }
}

extension ResponseExplanation {
  var head: String { [statusWord?.description, meaning].compactMap(\.self).joined(" ") }
}

extension ChipCommandExplanation {
  var line: String { (detail.map { "\(name): \($0)" } ?? name) + " -> " + result }
}

extension DataField {
  /// Tag, name, then the value in words or in hexadecimal.
  var line: String {
    let indentation = String(repeating: ".", count: depth)
    let text = meaning ?? "\(value)"
    return indentation
      + ([String(tag.rawValue, radix: 16)] + [name, text.isEmpty ? nil : text].compactMap(\.self))
      .joined(" ")
  }
}

extension Sequence<String> {
  fileprivate func joined(_ separator: String) -> String {
    Array(self).joined(separator: separator)
  }
}

extension TraceNarrator {
  /// The entries' lines; events are a millisecond apart.
  static func lines(_ events: [TraceEvent], masking: Masking = .secrets) -> [String] {
    var narrator = TraceNarrator(masking: masking)
    var entries: [TraceEntry] = []
    for (index, event) in events.enumerated() {
      entries += narrator.tell(event, at: UInt64(index) * 1_000_000)
    }
    return (entries + narrator.finish()).map(\.line)
  }
}
