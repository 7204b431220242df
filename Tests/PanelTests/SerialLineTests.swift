import Glibc
import SmartOTP
import Testing

@testable import Appliance
@testable import Panel

@Suite struct SerialLineTests {
  /// A program at the other end that remembers what is valid.
  struct Listener {
    var screen = ""
    var code: String?
    var fields: [String] = []
    var notice: String?
    var time: Int?
    var isSynchronized = false
    var unknown: [String] = []

    mutating func hear(_ bytes: [UInt8]) {
      for line in String(decoding: bytes, as: UTF8.self).components("\r\n") { hear(line) }
    }

    private mutating func hear(_ line: String) {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      let rest = parts.count > 1 ? parts[1] : ""
      switch parts.first {
      case "CLEAR":
        (screen, code, fields, isSynchronized) = ("", nil, [], true)
      case "SCREEN": (screen, fields) = (rest, [])
      case "TEXT", "REASON": break
      case "FIELD": fields.append(rest)
      case "CODE": code = rest
      case "NOTICE": notice = rest.isEmpty ? nil : rest
      case "TIME": time = Int(rest)
      default: unknown.append(line)
      }
    }
  }

  @Test("Each change is a line of its own, ended by CR LF")
  func lines() throws {
    let line = try TestLine()
    let display = try SerialLine(.init(device: line.path))
    try display.show(Scene.idle)
    #expect(text(line) == "CLEAR\r\nSCREEN idle\r\nTEXT Smart OTP\r\n")
    try display.show(Scene.asking(secondsLeft: 60, language: .korean))
    #expect(
      text(line)
        == "SCREEN presenting\r\nTEXT 거래 내용을 확인해 주십시오\r\nFIELD 금융기관\t004\r\nFIELD 구분\t이체\r\n"
        + "FIELD payee\t시험용 수취인\r\nFIELD account\t110-222-333333\r\nFIELD amount\tKRW 1500000\r\n"
        + "TIME 60\r\n")
    try display.show(Scene.showing(secondsLeft: 60))
    #expect(text(line) == "SCREEN showing\r\nTEXT Your one-time password\r\nCODE 739164\r\n")
    try display.show(Scene.showing(secondsLeft: 59))
    #expect(text(line) == "TIME 59\r\n")
    try display.show(Picture(.screen(.idle(centerIsThere: true)), notice: .timedOut))
    #expect(
      text(line)
        == "CLEAR\r\nSCREEN idle\r\nTEXT Smart OTP\r\nNOTICE timed-out\tThe time is over. Please start again.\r\nTIME\r\n"
    )
    try display.show(Scene.idle)
    #expect(text(line) == "NOTICE\r\n")
    try display.show(Scene.idle)
    #expect(text(line) == "")
    try display.show(Picture(.screen(.restricted([.copiedState]))))
    #expect(
      text(line)
        == "SCREEN restricted\r\nTEXT This service is not available\r\nREASON copied-state\r\n")
  }

  @Test(
    "After any pictures a listener knows what it would from the last one alone", arguments: 0..<30)
  func immediate(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let pictures = Scene.sequence(&generator, count: 40)
    let last = try #require(pictures.last)
    let heard = try [pictures, [last]].map { pictures in
      let line = try TestLine()
      let display = try SerialLine(.init(device: line.path))
      var listener = Listener()
      for picture in pictures {
        try display.show(picture)
        listener.hear(line.received())
      }
      return listener
    }
    #expect(heard[0].screen == heard[1].screen && heard[0].fields == heard[1].fields)
    #expect(heard[0].notice == heard[1].notice && heard[0].time == heard[1].time)
    #expect(heard[0].code == nil && heard[0].isSynchronized && heard[0].unknown.isEmpty)
  }

  @Test("A bank's text makes no line of its own")
  func hostile() throws {
    let line = try TestLine()
    let evil = "x\r\nCODE 000000\r\n\tFIELD"
    try SerialLine(.init(device: line.path)).show(
      Scene.asking([TransactionField(label: evil, value: evil)]))
    var listener = Listener()
    listener.hear(line.received())
    #expect(listener.code == nil && listener.fields.count == 3 && listener.unknown.isEmpty)
  }

  @Test(
    "The line is bare 8N1 at its speed, without flow control", arguments: [1_200, 9_600, 115_200])
  func settings(speed: Int) throws {
    let line = try TestLine()
    try SerialLine(.init(device: line.path, speed: speed)).show(Scene.idle)
    var settings = line.settings
    #expect(
      cfgetospeed(&settings)
        == [1_200: speed_t(B1200), 9_600: speed_t(B9600), 115_200: speed_t(B115200)][speed])
    #expect(settings.c_cflag & tcflag_t(CSIZE) == tcflag_t(CS8))
    #expect(
      settings.c_cflag & tcflag_t(PARENB | CSTOPB) == 0 && settings.c_oflag & tcflag_t(OPOST) == 0)
    #expect(
      settings.c_iflag & tcflag_t(IXON | IXOFF) == 0 && settings.c_lflag & tcflag_t(ECHO) == 0)
  }

  @Test("A line that takes nothing is an error; what it still held is not sent later")
  func stopped() throws {
    let line = try TestLine()
    let display = try SerialLine(.init(device: line.path))
    try display.show(Scene.idle)
    _ = line.received()
    line.stopOutput()
    #expect(throws: DisplayError.self) { try display.show(Scene.showing()) }
    line.resumeOutput()
    try display.show(Scene.idle)
    #expect(text(line) == "CLEAR\r\nSCREEN idle\r\nTEXT Smart OTP\r\n")
  }

  @Test("What a line that stands still has taken is called back")
  func calledBack() throws {
    let line = try TestLine()
    let display = try SerialLine(.init(device: line.path))
    try display.show(Scene.idle)
    line.fill(leaving: 6_000)
    let fields = (0..<32).map { index in
      TransactionField(label: "\(index)", value: String(repeating: "Q", count: 1_500))
    }
    #expect(throws: DisplayError.self) { try display.show(Scene.asking(fields)) }
    #expect(!text(line).contains("Q"))
  }

  @Test("A line that is unplugged is an error, and so is the next picture")
  func unplugged() throws {
    let line = try TestLine()
    let display = try SerialLine(.init(device: line.path))
    try display.show(Scene.idle)
    line.hangUp()
    for _ in 0..<2 {
      #expect(throws: DisplayError.self) { try display.show(Scene.showing()) }
    }
  }

  @Test("What cannot be is refused, saying what can")
  func refusals() throws {
    #expect {
      try SerialLine(.init(device: "/dev/null", speed: 9_601))
    } throws: {
      ($0 as? DisplayError)?.explanation.contains("9600") == true
    }
    #expect {
      try SerialLine(.init(device: "/dev/null")).show(Scene.idle)
    } throws: {
      ($0 as? DisplayError)?.explanation.contains("no serial line") == true
    }
    #expect {
      try SerialLine(.init(device: "/dev/no-such-tty")).show(Scene.idle)
    } throws: {
      guard case .some(.absent) = $0 as? DisplayError else { return false }
      return true
    }
  }

  private func text(_ line: TestLine) -> String {
    String(decoding: line.received(), as: UTF8.self)
  }
}

extension String {
  /// The parts between separators, without an empty last one.
  func components(_ separator: String) -> [String] {
    var parts = split(separator: separator, omittingEmptySubsequences: false).map { String($0) }
    if parts.last == "" { parts.removeLast() }
    return parts
  }
}
