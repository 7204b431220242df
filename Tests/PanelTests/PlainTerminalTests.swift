import Glibc
import Synchronization
import Testing

@testable import Appliance
@testable import Panel

@Suite struct PlainTerminalTests {
  @Test("A dumb terminal gets plain lines, and one last line that is overwritten")
  func dumb() throws {
    let stage = try TerminalTests.Stage(type: "dumb")
    try stage.show(Scene.idle)
    try stage.show(Scene.showing(secondsLeft: 10))
    #expect(stage.screen.lines.contains("739 164   10 seconds left"))
    try stage.show(Scene.showing(secondsLeft: 9))
    #expect(stage.screen.lines.contains("739 164   9 seconds left"))
    #expect(!stage.lastBytes.contains(0x0A) && !stage.lastBytes.contains(0x1B))
    try stage.show(Scene.idle)
    #expect(
      stage.screen.lines.filter { !$0.isEmpty } == [
        "Smart OTP", "Please tap your card on the reader.", "Your one-time password",
        "Enter it where your bank asks for it. Tell it to nobody.", "Smart OTP",
        "Please tap your card on the reader.",
      ])
    #expect(!stage.screen.isAlternate && stage.screen.unknown.isEmpty)
  }

  @Test("On a dumb terminal no digit of a code stays, whatever was shown", arguments: 0..<40)
  func wiped(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let stage = try TerminalTests.Stage(
      type: "dumb", columns: seed % 2 == 0 ? 80 : 20, rows: 24)
    for picture in Scene.sequence(&generator, count: 30) { try stage.show(picture) }
    for part in ["739", "164"] { #expect(!stage.screen.everything.contains(part)) }
    #expect(stage.screen.unknown.isEmpty)
  }

  @Test("What is no terminal gets a line for each change, no time, and no code unless asked")
  func stream() throws {
    for (showsCode, line) in [
      (false, "(not shown: what is written here stays)"), (true, "739 164"),
    ] {
      let stream = try OutputStream()
      var configuration = Terminal.Configuration(device: "-", type: "xterm", isColored: true)
      configuration.showsCodeInStream = showsCode
      let display = Terminal(configuration, opener: { _, _ in fcntl(stream.writer, F_DUPFD, 3) })
      try display.show(Scene.idle)
      for left in [60, 59, 58] { try display.show(Scene.showing(secondsLeft: left)) }
      try display.show(Scene.blank)
      #expect(
        stream.text() == """
          Smart OTP
          Please tap your card on the reader.
          Your one-time password
          Enter it where your bank asks for it. Tell it to nobody.
          \(line)

          """)
    }
  }

  @Test("TERM counts for the program's own terminal alone; NO_COLOR everywhere")
  func environment() {
    let variables = ["TERM": "xterm", "NO_COLOR": "1"]
    for (device, type) in [
      ("-", "xterm"), ("/dev/tty", "xterm"), ("/dev/tty1", "linux"), ("/dev/console", "linux"),
      ("/dev/ttyS0", "vt100"), ("/dev/ttyUSB1", "vt100"), ("/dev/pts/4", "vt100"),
    ] {
      let configuration = Terminal.Configuration(device: device) { variables[$0] }
      #expect(configuration.type == type && !configuration.isColored)
    }
    #expect(Terminal.Configuration(device: "-") { _ in nil }.type == nil)
    #expect(TerminalKind(name: nil) == .dumb && TerminalKind(name: "vt220") == .full)
  }

  @Test("A pipe whose reader has left is an error, not the end of the program")
  func brokenPipe() throws {
    let stream = try OutputStream()
    let configuration = Terminal.Configuration(device: "-", type: nil, isColored: true)
    let display = Terminal(configuration, opener: { _, _ in fcntl(stream.writer, F_DUPFD, 3) })
    stream.closeReader()
    #expect(throws: DisplayError.self) { try display.show(Scene.idle) }
  }

  @Test(
    "A terminal that is not there, or whose output is stopped, is an error in less than a second")
  func failures() throws {
    let absent = Terminal(
      Terminal.Configuration(device: "/dev/no-such-tty", type: nil, isColored: true))
    #expect {
      try absent.show(Scene.idle)
    } throws: { error in
      guard case .some(.absent(let text)) = error as? DisplayError else { return false }
      return text.contains("/dev/no-such-tty")
    }
    let stage = try TerminalTests.Stage()
    try stage.show(Scene.idle)
    stage.line.stopOutput()
    #expect(throws: DisplayError.self) { try stage.display.show(Scene.showing()) }
    stage.line.resumeOutput()
    try stage.show(Scene.showing(secondsLeft: 5))
    #expect(stage.screen.text.contains(Scene.codeText))
  }
}

/// A pipe.
final class OutputStream: Sendable {
  private let reader: Mutex<Int32>
  let writer: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    reader = Mutex(ends[0])
    writer = ends[1]
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
  }

  deinit {
    closeReader()
    close(writer)
  }

  /// The pipe is broken after that.
  func closeReader() {
    reader.withLock { reader in
      close(reader)
      reader = -1
    }
  }

  /// All that has been written.
  func text() -> String {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = reader.withLock { read($0, &bytes, bytes.count) }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
