import Appliance
import Messages

/// Tells pictures to a terminal that knows carriage return alone, or to a pipe or file: a line for
/// each thing that changes. On a terminal the code and the time stand on one last line, which is
/// overwritten; elsewhere nothing can be, and the time is not told.
struct LinePrinter {
  enum Destination: Hashable {
    case terminal
    /// The code appears only if someone has asked for it: it stays in what is written.
    case stream(showsCode: Bool)
  }

  let destination: Destination
  private var told: [TextRow] = []
  /// Columns of the last line that are not blank.
  private var lastLineWidth = 0

  init(destination: Destination) { self.destination = destination }

  private var isTerminal: Bool { destination == .terminal }
  private var lineEnd: String { isTerminal ? "\r\n" : "\n" }

  mutating func print(
    _ picture: Picture, in texts: Texts, size: TextSize
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4096)
    let wording = Wording(picture, in: texts)
    let rows = wording.map { Self.rows(of: $0, number: picture.code?.number) } ?? []
    if rows != told {
      blankLastLine(&bytes)
      for row in rows where row.code == nil { bytes += (row.text + lineEnd).utf8 }
      if !isTerminal, let code = picture.code { printCode(code, &bytes) }
      told = rows
    }
    if isTerminal { printLastLine(picture, wording, size: size, &bytes) }
    return bytes
  }

  private static func rows(of wording: Wording, number: UInt64?) -> [TextRow] {
    var lines = [wording.heading.headline, wording.heading.detail] + wording.reasons
    lines += wording.fields.map { "\($0.label): \($0.value)" }
    if let notice = wording.notice { lines.append(notice) }
    return lines.map { TextRow($0) } + (number.map { [TextRow("", code: .init(number: $0))] } ?? [])
  }

  private func printCode(_ code: ShownCode, _ bytes: inout [UInt8]) {
    if destination == .stream(showsCode: true) {
      code.appendGrouped(to: &bytes)
    } else {
      bytes += "(not shown: what is written here stays)".utf8
    }
    bytes += lineEnd.utf8
  }

  private mutating func printLastLine(
    _ picture: Picture, _ wording: Wording?, size: TextSize, _ bytes: inout [UInt8]
  ) {
    let codeWidth = picture.code.map { $0.groupedCount } ?? 0
    var time = wording?.timeLeft.map { codeWidth > 0 ? "   " + $0 : $0 } ?? ""
    // A line that reaches the edge would wrap, and its first half be out of reach.
    if codeWidth + ColumnWidth.columns(time) >= size.columns { time = "" }
    let width = codeWidth + ColumnWidth.columns(time)
    guard width + lastLineWidth > 0 else { return }
    bytes.append(0x0D)
    if codeWidth > 0 { picture.code?.appendGrouped(to: &bytes) }
    bytes += time.utf8
    let rest = max(0, lastLineWidth - width)
    bytes += repeatElement(0x20, count: rest)
    bytes += repeatElement(0x08, count: rest)
    lastLineWidth = width
  }

  private mutating func blankLastLine(_ bytes: inout [UInt8]) {
    guard lastLineWidth > 0 else { return }
    bytes.append(0x0D)
    bytes += repeatElement(0x20, count: lastLineWidth)
    bytes.append(0x0D)
    lastLineWidth = 0
  }
}

extension Picture {
  /// The code, if this shows one.
  var code: ShownCode? {
    if case .code(let code, _) = content { code } else { nil }
  }
}
