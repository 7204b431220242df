import SmartOTP
import Testing

@testable import Appliance
@testable import Panel

@Suite struct CharacterLCDTests {
  struct Stage {
    let bus: VirtualLCDBus
    let display: CharacterLCD
    let columns: Int
    let rows: Int

    init(columns: Int = 16, rows: Int = 2, chip: VirtualHD44780 = VirtualHD44780()) throws {
      let bus = VirtualLCDBus(chip)
      self.bus = bus
      self.columns = columns
      self.rows = rows
      display = try CharacterLCD(
        .init(bus: "/dev/i2c-1", columns: columns, rows: rows), openBus: { bus })
    }

    func shown(_ picture: Picture) throws -> [String] {
      try display.show(picture)
      return bus.chip.rows(columns: columns, count: rows)
    }
  }

  @Test("A code, its time and what to do fit two rows of sixteen")
  func code() throws {
    let stage = try Stage()
    #expect(
      try stage.shown(Scene.showing(secondsLeft: 42)) == ["739 164      42s", "Tell it to none "])
  }

  @Test("Screens have a headline and one line more")
  func screens() throws {
    let stage = try Stage()
    #expect(try stage.shown(Scene.idle) == ["Smart OTP       ", "Tap your card   "])
    #expect(
      try stage.shown(Picture(.screen(.reading), notice: .card(.several), secondsLeft: 9))
        == ["Reading card    ", "One card only 9s"])
    #expect(
      try stage.shown(Picture(.screen(.restricted([.copiedState]))))
        == ["Out of service  ", "Register again  "])
  }

  @Test("Each row stands where its module has it")
  func sizes() throws {
    for (columns, rows) in [(16, 2), (20, 2), (16, 4), (20, 4)] {
      let stage = try Stage(columns: columns, rows: rows)
      let shown = try stage.shown(Scene.showing(secondsLeft: 42))
      #expect(shown.contains { $0.contains("739 164") })
      #expect(shown.last?.hasPrefix(rows == 4 ? "42 s left" : "Tell it to none") == true)
    }
  }

  @Test("On four rows there is room for all of it")
  func large() throws {
    let stage = try Stage(columns: 20, rows: 4)
    #expect(
      try stage.shown(Scene.showing(secondsLeft: 42)) == [
        "Your code           ", "      739 164       ", "Tell it to none     ",
        "42 s left           ",
      ])
    #expect(
      try stage.shown(Picture(.screen(.restricted([.stateExposed, .platformTooOld])))) == [
        "Out of service      ", "Ask our staff       ", "Data not private    ",
        "                    ",
      ])
  }

  @Test(
    "A transaction is turned page by page as its time passes, each field whole, Korean romanised")
  func pages() throws {
    let stage = try Stage()
    var seen: [[String]] = []
    for left in stride(from: 60, through: 40, by: -1) {
      let rows = try stage.shown(Scene.asking(secondsLeft: left, language: .korean))
      if rows.last?.hasPrefix("OK? Tap again") != true && seen.last != rows { seen.append(rows) }
    }
    #expect(
      seen == [
        ["Bank: 004       ", "Type: Transfer  "], ["payee:          ", "siheomyong      "],
        ["suchwiin        ", "                "], ["account:        ", "110-222-333333  "],
        ["amount:         ", "KRW 1500000     "],
      ])
  }

  @Test("What there is to say comes between the pages of a transaction, and hides none of them")
  func notice() throws {
    let stage = try Stage()
    var seen: [[String]] = []
    for left in stride(from: 60, to: 0, by: -1) {
      var picture = Scene.asking(secondsLeft: left)
      picture.notice = .card(.otherCard)
      let rows = try stage.shown(picture)
      if seen.last != rows { seen.append(rows) }
    }
    #expect(seen.filter { $0[1].hasPrefix("Different card") }.count >= 5)
    for part in ["004", "Transfer", "siheomyong", "suchwiin", "110-222-333333", "1500000"] {
      #expect(seen.contains { $0.joined().contains(part) }, "\(part)")
    }
  }

  @Test(
    "After any pictures the memory is as if there had been the last one alone", arguments: 0..<40)
  func immediate(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let (columns, rows) = [(16, 2), (20, 4), (20, 2), (16, 4)][seed % 4]
    let stage = try Stage(columns: columns, rows: rows)
    let pictures = Scene.sequence(&generator, count: 60)
    for picture in pictures { try stage.display.show(picture) }
    let fresh = try Stage(columns: columns, rows: rows)
    try fresh.display.show(try #require(pictures.last))
    #expect(stage.bus.chip.memory == fresh.bus.chip.memory)
    #expect(!String(decoding: stage.bus.chip.memory, as: UTF8.self).contains("739"))
    #expect(stage.bus.chip.violations == [])
    #expect(stage.bus.chip.isOn)
  }

  @Test("The chip gets the time it needs at every speed of the bus", arguments: [22.5, 90.0])
  func timing(byteTime: Double) throws {
    let stage = try Stage(columns: 20, rows: 4, chip: VirtualHD44780(byteTime: byteTime))
    for left in 0..<30 { try stage.display.show(Scene.showing(secondsLeft: left)) }
    #expect(stage.bus.chip.violations == [])
  }

  @Test(
    "A display that a killed program left in the middle of a byte is brought into step and cleared")
  func recovery() throws {
    let stage = try Stage(chip: VirtualHD44780(isMidByte: true))
    #expect(try stage.shown(Scene.idle) == ["Smart OTP       ", "Tap your card   "])
    #expect(!stage.bus.chip.memory.contains(0x37))
  }

  @Test("A nibble that is lost is made good within some pictures")
  func disturbance() throws {
    let stage = try Stage()
    _ = try stage.shown(Scene.idle)
    stage.bus.state.withLock { $0.chip.receive([0x08, 0x0C, 0x08]) }
    for left in 0..<20 { _ = try stage.shown(Scene.showing(secondsLeft: left)) }
    #expect(try stage.shown(Scene.idle) == ["Smart OTP       ", "Tap your card   "])
  }

  @Test(
    "A display that is pulled off at any byte and put back shows the next picture",
    arguments: 0..<11)
  func unplugged(writes: Int) throws {
    let stage = try Stage()
    stage.bus.state.withLock { $0.writesLeft = writes }
    var failures = 0
    for picture in [Scene.showing(), Scene.showing(secondsLeft: 59)] {
      do { try stage.display.show(picture) } catch { failures += 1 }
    }
    #expect(failures > 0)
    stage.bus.replace(with: VirtualHD44780())
    #expect(try stage.shown(Scene.idle) == ["Smart OTP       ", "Tap your card   "])
    #expect(stage.bus.chip.violations == [])
  }

  @Test("What the ROM draws differently than ASCII is not sent to it")
  func characters() throws {
    let stage = try Stage(columns: 20, rows: 4)
    var seen = Set<UInt8>()
    let all = String(decoding: UInt8(0x21)...0x7E, as: UTF8.self)
    for left in stride(from: 60, to: 0, by: -1) {
      let fields = [TransactionField(label: "all", value: all)]
      for row in try stage.shown(Scene.asking(fields, secondsLeft: left)) {
        seen.formUnion(row.utf8)
      }
    }
    #expect(seen == Set(0x20...0x7D).subtracting([0x5C]))
  }

  @Test("A transfer that fails once does not leave a code where it was", arguments: 0..<4)
  func glitch(write: Int) throws {
    let stage = try Stage()
    let fresh = try Stage()
    try stage.display.show(Scene.showing())
    stage.bus.state.withLock { $0.failingWrite = write }
    try stage.display.show(Scene.idle)
    try fresh.display.show(Scene.idle)
    #expect(stage.bus.chip.memory == fresh.bus.chip.memory)
  }

  @Test("Blank is dark")
  func blank() throws {
    let stage = try Stage()
    try stage.display.show(Scene.showing())
    #expect(stage.bus.chip.backlightIsOn)
    #expect(try stage.shown(Scene.blank).allSatisfy { $0.allSatisfy { $0 == " " } })
    #expect(!stage.bus.chip.backlightIsOn)
  }

  @Test("Sizes, addresses and paths that cannot be are refused with what to write instead")
  func refusals() {
    let wrong: [(CharacterLCD.Configuration, String)] = [
      (.init(bus: "/dev/i2c-1", columns: 17, rows: 3), "16x2"),
      (.init(bus: "/dev/null", address: 0x99), "0x99"),
      (.init(bus: "/dev/null", address: -5), "-5"),
      (.init(bus: "/dev/null"), "i2cdetect -l"),
      (.init(bus: "/dev/i2c-no-such"), "not there"),
    ]
    for (configuration, text) in wrong {
      #expect {
        try CharacterLCD(configuration).show(Scene.idle)
      } throws: {
        ($0 as? DisplayError)?.explanation.contains(text) == true
      }
    }
  }
}
