import Appliance
import Messages

/// What a teller's program or a pole display reads from a serial line: a line for each thing that
/// changes, UTF-8, ended by CR LF.
///
/// ```
/// CLEAR                        nothing said before is valid any more, a code least of all
/// SCREEN presenting            what is shown now: a phase's name, `idle-without-center`, or `blank`
/// TEXT Please check this       what stands at the top, in the customer's language
/// REASON copied-state          with `restricted`, each restriction
/// FIELD amount<TAB>KRW 1500000 with `presenting`, each field in the bank's order
/// CODE 739164                  with `showing`, the code
/// NOTICE card-several          a sentence beside it: its name, a tab, and its words; alone: no more
/// TIME 42                      seconds until this ends by itself; alone: it does not
/// ```
///
/// `CLEAR` comes first after the line was opened, and whenever a code ends. New words may be added to
/// the left column; a program passes over what it does not know.
struct SerialProtocol {
  /// A line of it; the digits of a code are put in on their way out.
  private enum Line: Hashable {
    case text(String)
    case code(UInt64)
  }

  private var content: [Line]?
  private var notice: String?
  private var time: Int?

  /// The lines that take a reader from the picture before to this one.
  mutating func lines(for picture: Picture) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4096)
    let next = Self.content(of: picture)
    if next != content {
      if content == nil || hadCode { append("CLEAR", to: &bytes) }
      for line in next { append(line, picture.code, to: &bytes) }
      content = next
    }
    let said = picture.notice.map {
      $0.key + "\t" + Texts.full(picture.language).sentence(for: $0)
    }
    if said != notice { append(said.map { "NOTICE \($0)" } ?? "NOTICE", to: &bytes) }
    if picture.secondsLeft != time {
      append(picture.secondsLeft.map { "TIME \(max(0, $0))" } ?? "TIME", to: &bytes)
    }
    notice = said
    time = picture.secondsLeft
    return bytes
  }

  private var hadCode: Bool {
    content?.contains { if case .code = $0 { true } else { false } } == true
  }

  private static func content(of picture: Picture) -> [Line] {
    var lines: [Line] = [.text("SCREEN \(picture.key)")]
    guard let wording = Wording(picture, in: .full(picture.language)) else { return lines }
    lines.append(.text("TEXT \(wording.heading.headline)"))
    if case .screen(.restricted(let restrictions)) = picture.content {
      lines += restrictions.map { .text("REASON \($0.rawValue)") }
    }
    lines += wording.fields.map { .text("FIELD \($0.label)\t\($0.value)") }
    if let code = picture.code { lines.append(.code(code.number)) }
    return lines
  }

  private func append(_ line: Line, _ code: ShownCode?, to bytes: inout [UInt8]) {
    switch line {
    case .text(let text): append(text, to: &bytes)
    case .code:
      bytes += "CODE ".utf8
      code?.withDigits { digits in
        for index in 0..<min(digits.count, ShownCode.maximumDigitCount) {
          bytes.append(0x30 + digits[index] % 10)
        }
      }
      append("", to: &bytes)
    }
  }

  private func append(_ text: String, to bytes: inout [UInt8]) {
    bytes += text.utf8
    bytes += [0x0D, 0x0A]
  }
}
