import Glibc
import SmartOTP
import Testing

@testable import Appliance
@testable import Panel

@Suite struct TerminalTests {
  /// A terminal on a pseudo-terminal, and what is seen on it.
  final class Stage {
    let line: TestLine
    let display: Terminal
    var screen: VirtualTerminal
    var lastBytes: [UInt8] = []

    init(type: String? = "xterm", columns: Int = 80, rows: Int = 24) throws {
      line = try TestLine(columns: columns, rows: rows)
      display = Terminal(Terminal.Configuration(device: line.path, type: type, isColored: true))
      screen = VirtualTerminal(
        columns: columns == 0 ? 80 : columns, rows: rows == 0 ? 24 : rows)
    }

    func show(_ picture: Picture) throws {
      try display.show(picture)
      lastBytes = line.received()
      screen.receive(lastBytes)
    }
  }

  @Test("A code stands in a row of its own and once more in large digits; on the other screen")
  func code() throws {
    let stage = try Stage()
    try stage.show(Scene.showing(secondsLeft: 42))
    #expect(
      stage.screen.lines.filter { !$0.isEmpty } == [
        "  Your one-time password",
        "  Enter it where your bank asks for it. Tell it to nobody.",
        "    739 164",
        "  ██████████  ██████████    ██████              ██          ████          ██",
        "          ██        ██    ██      ██          ████        ██            ████",
        "        ██        ██      ██      ██            ██      ██            ██  ██",
        "      ██            ██      ████████            ██      ████████    ██    ██",
        "    ██                ██          ██            ██      ██      ██  ██████████",
        "    ██        ██      ██        ██              ██      ██      ██        ██",
        "    ██          ██████      ████              ██████      ██████          ██",
        "  42 seconds left",
      ])
    #expect(stage.screen.isAlternate && stage.screen.cursorIsHidden)
    #expect(stage.screen.unknown.isEmpty)
  }

  @Test("Large digits are as wide as there is room for, and go before the plain ones do")
  func largeDigits() throws {
    for (columns, rows, width) in [
      (200, 50, 2), (80, 18, 2), (60, 24, 1), (40, 24, 0), (80, 17, 0),
    ] {
      let stage = try Stage(columns: columns, rows: rows)
      try stage.show(Scene.showing())
      let large = stage.screen.lines.filter { $0.contains("█") }
      #expect(large.count == (width > 0 ? 7 : 0), "\(columns)")
      #expect(large.first == (width > 0 ? "  " + Self.firstRow(width) : nil))
      #expect(stage.screen.text.contains("739 164") && stage.screen.text.contains("60 seconds"))
    }
    let line = try TestLine()
    try Terminal(.init(device: line.path, type: "vt100", isColored: false)).show(Scene.showing())
    var screen = VirtualTerminal()
    screen.receive(line.received())
    #expect(screen.lines.contains { $0.hasPrefix("  ##########  ##########    ######") })
  }

  private static func firstRow(_ width: Int) -> String {
    "█████ █████  ███       █     ██     █".reduce(into: "") {
      $0 += String(repeating: $1, count: width)
    }
  }

  @Test("A transaction's values stand in one column, double-width Korean among them")
  func transaction() throws {
    let stage = try Stage()
    let fields = [
      TransactionField(label: "수취인", value: "김철수"),
      TransactionField(label: "राशि", value: "₹500"), TransactionField(label: "to", value: "X"),
    ]
    try stage.show(Scene.asking(fields, language: .korean))
    let shown = stage.screen.lines
    for (label, value) in [("금융기관", "004"), ("수취인", "김철수"), ("राशि", "₹500"), ("to", "X")] {
      let row = try #require(shown.first { $0.contains("  " + label + " ") })
      let range = try #require(row.firstRange(value))
      #expect(ColumnWidth.columns(String(row[..<range])) == 12, "\(row)")
    }
    #expect(stage.screen.text.contains("60초 남았습니다"))
  }

  @Test(
    "After any pictures the screen is as if there had been the last one alone", arguments: 0..<40)
  func immediate(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let size = [(80, 24), (40, 10), (20, 4), (132, 50), (8, 1)][seed % 5]
    let stage = try Stage(columns: size.0, rows: size.1)
    let pictures = Scene.sequence(&generator, count: 40)
    for picture in pictures { try stage.show(picture) }
    let last = try #require(pictures.last)
    let fresh = try Stage(columns: size.0, rows: size.1)
    try fresh.show(last)
    #expect(stage.screen.lines == fresh.screen.lines)
    for part in ["739", "164"] { #expect(!stage.screen.everything.contains(part)) }
    #expect(stage.screen.scrollback.isEmpty)
    #expect(stage.screen.unknown.isEmpty)
  }

  @Test("A countdown's step sends one row, little enough for a slow serial line")
  func countdown() throws {
    let stage = try Stage()
    try stage.show(Scene.showing(secondsLeft: 10))
    try stage.show(Scene.showing(secondsLeft: 9))
    #expect(stage.lastBytes.count < 60)
    #expect(stage.screen.text.contains("9 seconds left"))
    #expect(!stage.screen.text.contains("10 seconds"))
    #expect(stage.screen.text.contains(Scene.codeText))
  }

  @Test("A blank picture gives the terminal back, with nothing on either screen")
  func blank() throws {
    let stage = try Stage()
    try stage.show(Scene.showing())
    try stage.show(Scene.blank)
    #expect(!stage.screen.isAlternate && !stage.screen.cursorIsHidden)
    #expect(stage.screen.everything.allSatisfy { $0 == "\n" })
    try stage.show(Scene.blank)
    #expect(stage.lastBytes.isEmpty)
    try stage.show(Scene.idle)
    #expect(stage.screen.isAlternate && stage.screen.text.contains("Smart OTP"))
  }

  @Test("A bank's text cannot steer the terminal, and does not run past its edge")
  func hostile() throws {
    let stage = try Stage()
    let evil =
      "\u{1B}[2J\u{1B}[1;1HYour code\r\n\u{9B}31m\u{202E}fdp" + String(repeating: "W", count: 300)
    try stage.show(Scene.asking([TransactionField(label: evil, value: evil)]))
    #expect(stage.screen.unknown.isEmpty)
    #expect(stage.screen.lines.contains { $0.contains("Please check this transaction") })
    #expect(!stage.screen.text.unicodeScalars.contains("\u{202E}"))
    #expect(stage.screen.lines.allSatisfy { ColumnWidth.columns($0) <= 80 })
  }

  @Test("A transaction too long for the screen is shown in pages, every field on one of them")
  func pages() throws {
    let stage = try Stage(columns: 40, rows: 12)
    let fields = (0..<32).map { TransactionField(label: "label \($0)", value: "value <\($0)>") }
    var seen = ""
    for left in stride(from: 60, through: 1, by: -1) {
      try stage.show(Scene.asking(fields, secondsLeft: left))
      seen += stage.screen.text
      #expect(stage.screen.text.contains("\(left) second"))
    }
    for index in 0..<32 { #expect(seen.contains("value <\(index)>")) }
    #expect(seen.contains("Page 1/"))
  }

  @Test("A code that a killed program left on a terminal is gone with the first picture")
  func recovery() throws {
    let stage = try Stage()
    try stage.show(Scene.showing())
    let next = Terminal(.init(device: stage.line.path, type: "xterm", isColored: true))
    try next.show(Scene.idle)
    stage.screen.receive(stage.line.received())
    #expect(!stage.screen.everything.contains("739") && stage.screen.text.contains("Smart OTP"))
  }

  @Test("The scrollback of a terminal of its own is erased; one that is lent keeps its")
  func scrollback() throws {
    for isOwned in [true, false] {
      var painter = ScreenPainter(isColored: true, isOwned: isOwned)
      var screen = VirtualTerminal()
      for _ in 0..<30 { screen.receive(Array("earlier\r\n".utf8)) }
      screen.receive(painter.paint([TextRow("now")], size: .standard, code: nil))
      #expect(
        screen.scrollback.isEmpty == isOwned
          && screen.text == "now" + String(repeating: "\n", count: 23))
    }
  }

  @Test("A terminal without another screen keeps nothing either", arguments: 0..<10)
  func oneScreen(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let stage = try Stage(type: "linux")
    stage.screen = VirtualTerminal(hasAlternate: false)
    try stage.show(Scene.showing(secondsLeft: 50))
    let next = Terminal(.init(device: stage.line.path, type: "linux", isColored: true))
    for picture in Scene.sequence(&generator, count: 20) + [Scene.idle] {
      try next.show(picture)
      stage.screen.receive(stage.line.received())
    }
    #expect(stage.screen.text.contains("Please tap your card on the reader."))
    #expect(!stage.screen.everything.contains("739") && !stage.screen.everything.contains("164"))
  }

  @Test("A new window size is followed with the next picture, drawn as a whole")
  func resize() throws {
    let stage = try Stage()
    try stage.show(Scene.idle)
    for (columns, rows) in [(70, 24), (30, 20)] {
      stage.line.resize(columns: columns, rows: rows)
      stage.screen = VirtualTerminal(columns: columns, rows: rows)
      try stage.show(Scene.idle)
      #expect(stage.screen.text.contains("Smart OTP"))
    }
    try stage.show(Scene.asking())
    #expect(
      stage.screen.text.contains("Please check this") && stage.screen.text.contains("1500000"))
  }

  @Test("A terminal of no size is one of 80 by 24")
  func unknownSize() throws {
    let stage = try Stage(columns: 0, rows: 0)
    try stage.show(Scene.idle)
    #expect(stage.screen.text.contains("Please tap your card on the reader."))
  }

  @Test("NO_COLOR leaves out colours and bold")
  func noColor() throws {
    let line = try TestLine()
    let display = Terminal(
      Terminal.Configuration(device: line.path, type: "xterm", isColored: false))
    try display.show(Picture(.screen(.reading), notice: .timedOut, secondsLeft: 3))
    let text = String(decoding: line.received(), as: UTF8.self)
    #expect(!text.replacing("\u{1B}[0m").contains("m\u{1B}") && !text.contains("[1m"))
    #expect(!text.contains("[36m") && !text.contains("33m"))
  }

  @Test("The kernel's console, which has no Hangul, is shown English and romanised names")
  func console() throws {
    let stage = try Stage(type: "linux")
    try stage.show(Scene.asking(language: .korean))
    #expect(stage.screen.text.contains("Please check this transaction"))
    #expect(stage.screen.text.contains("siheomyong suchwiin"))
    #expect(stage.screen.text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test("A device of its own neither echoes nor waits for a carrier")
  func echo() throws {
    let stage = try Stage()
    try stage.show(Scene.idle)
    #expect(stage.line.settings.c_lflag & tcflag_t(ECHO | ICANON) == 0)
    #expect(stage.line.settings.c_cflag & tcflag_t(CLOCAL) != 0)
  }
}

extension String {
  func firstRange(_ part: String) -> String.Index? { ranges(of: part).first?.lowerBound }
  func replacing(_ part: String) -> String { replacing(part, with: "") }
}
