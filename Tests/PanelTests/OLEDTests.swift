import SmartOTP
import Testing

@testable import Appliance
@testable import Panel

@Suite struct OLEDTests {
  struct Stage {
    let bus = VirtualOLEDBus()
    let display: OLED

    init(height: Int = 64) throws {
      let bus = bus
      display = try OLED(.init(bus: "/dev/i2c-1", height: height), openBus: { bus })
    }

    func shown(_ picture: Picture) throws -> [String] {
      try display.show(picture)
      return bus.chip.text
    }
  }

  @Test("A screen is told in eight rows of text")
  func screen() throws {
    #expect(
      try Stage().shown(Picture(.screen(.reading), notice: .card(.several), secondsLeft: 9)) == [
        "Reading your card", "Please hold the card", "still.", "There is more than",
        "one card. Please tap",
        "one card only.", "9 seconds left", "",
      ])
  }

  @Test("A code is drawn in digits of four rows' height, its time below")
  func code() throws {
    let stage = try Stage()
    let text = try stage.shown(Scene.showing(secondsLeft: 42))
    #expect(text[0] == "Your one-time" && text[1] == "password")
    #expect(text[6] == "42 seconds left")
    // Digits at three times their width and four times their height, in the middle of pages 2 to 5.
    let drawing = stage.bus.chip.drawing.map { Array($0) }
    let left = (128 - 39 * 3) / 2
    var expected = Array(repeating: Array(repeating: Character("."), count: 128), count: 32)
    for (index, digit) in "739164".utf8.enumerated() {
      for (column, dots) in PixelFont.columns(of: digit).enumerated() {
        for row in 0..<7 where dots >> UInt8(row) & 1 == 1 {
          let x = left + (index * 6 + (index < 3 ? 0 : 3) + column) * 3
          for y in 0..<4 { expected[2 + row * 4 + y].replaceSubrange(x..<(x + 3), with: "###") }
        }
      }
    }
    #expect(Array(drawing[16..<48]) == expected)
  }

  @Test("On 32 rows the code and its time are there")
  func small() throws {
    let stage = try Stage(height: 32)
    let text = try stage.shown(Scene.showing(secondsLeft: 42))
    #expect(text.last == "42 s left")
    #expect(stage.bus.chip.drawing[..<24].joined().filter { $0 == "#" }.count > 300)
    #expect(try stage.shown(Scene.idle) == ["Smart OTP", "Tap your card", "", ""])
  }

  @Test("A transaction is turned page by page, every field on one of them")
  func pages() throws {
    for height in [64, 32] {
      let stage = try Stage(height: height)
      var seen = ""
      for left in stride(from: 60, through: 1, by: -1) {
        seen += try stage.shown(Scene.asking(secondsLeft: left, language: .korean)).joined(
          separator: "|")
      }
      for part in ["004", "Transfer", "siheomyong", "suchwiin", "110-222-333333", "1500000"] {
        #expect(seen.contains(part), "\(part)")
      }
    }
  }

  @Test("A notice is seen whole beside a transaction")
  func notice() throws {
    for height in [64, 32] {
      let stage = try Stage(height: height)
      var seen = ""
      for left in stride(from: 60, to: 50, by: -1) {
        var picture = Scene.asking(secondsLeft: left)
        picture.notice = .card(.otherCard)
        seen += try stage.shown(picture).joined(separator: " ") + " "
      }
      #expect(
        seen.contains("Please check")
          && seen.contains(
            height == 64
              ? "This is not the card you tapped first. Please tap that card again."
              : "Different card")
      )
    }
  }

  @Test(
    "After any pictures the memory is as if there had been the last one alone", arguments: 0..<40)
  func immediate(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let height = seed % 2 == 0 ? 64 : 32
    let stage = try Stage(height: height)
    let pictures = Scene.sequence(&generator, count: 60)
    for picture in pictures { try stage.display.show(picture) }
    let fresh = try Stage(height: height)
    try fresh.display.show(try #require(pictures.last))
    #expect(stage.bus.chip.memory == fresh.bus.chip.memory)
    #expect(stage.bus.chip.isOn == fresh.bus.chip.isOn)
    #expect(stage.bus.chip.violations == [])
  }

  @Test("What the memory held before is cleared before the panel is switched on")
  func recovery() throws {
    let stage = try Stage(height: 32)
    try stage.display.show(Scene.idle)
    #expect(stage.bus.chip.firstSeen?.allSatisfy { $0 == 0 } == true)
    #expect(!stage.bus.chip.memory.contains(0x5A))
  }

  @Test("A countdown's step sends the one page that changes")
  func changes() throws {
    let stage = try Stage()
    try stage.display.show(Scene.showing(secondsLeft: 42))
    let before = stage.bus.chip.dataCount
    try stage.display.show(Scene.showing(secondsLeft: 41))
    #expect(stage.bus.chip.dataCount == before + 128)
  }

  @Test(
    "A display that is pulled off at any byte and put back shows the next picture",
    arguments: 0..<30)
  func unplugged(writes: Int) throws {
    let stage = try Stage()
    stage.bus.state.withLock { $0.writesLeft = writes }
    var failures = 0
    for picture in [Scene.showing(), Scene.idle] {
      do { try stage.display.show(picture) } catch { failures += 1 }
    }
    #expect(failures > 0)
    stage.bus.state.withLock { $0 = VirtualOLEDBus.State() }
    let fresh = try Stage()
    #expect(try stage.shown(Scene.quietPictures[1]) == fresh.shown(Scene.quietPictures[1]))
    #expect(stage.bus.chip.memory == fresh.bus.chip.memory)
  }

  @Test("A display that lost its memory unnoticed by a picture shows the one before again")
  func memoryLost() throws {
    let stage = try Stage()
    let before = try stage.shown(Scene.idle)
    stage.bus.state.withLock {
      $0 = VirtualOLEDBus.State()
      $0.writesLeft = 0
    }
    #expect(throws: DisplayError.self) { try stage.display.show(Scene.showing()) }
    stage.bus.state.withLock { $0.writesLeft = .max }
    #expect(try stage.shown(Scene.idle) == before)
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

  @Test("Blank is dark and empty")
  func blank() throws {
    let stage = try Stage()
    try stage.display.show(Scene.showing())
    try stage.display.show(Scene.blank)
    #expect(!stage.bus.chip.isOn && stage.bus.chip.memory.allSatisfy { $0 == 0 })
    try stage.display.show(Scene.idle)
    #expect(stage.bus.chip.isOn)
  }

  @Test("Every letter has a shape of its own, and codes of any length stay inside")
  func shapes() {
    let shapes = (UInt8(0x20)...0x7E).map { Array(PixelFont.columns(of: $0)) }
    #expect(Set(shapes).count == 95)
    for count in 0...12 {
      var frame = PixelFrame(pageCount: 4)
      frame.draw(ShownCode(Array(repeating: 8, count: count), number: 1), page: 0, pageCount: 4)
      #expect(frame.bytes.contains { $0 != 0 } == (count > 0))
    }
  }

  @Test("A size that cannot be is refused with those that can")
  func refusal() {
    #expect {
      try OLED(.init(bus: "/dev/i2c-1", width: 64, height: 48)).show(Scene.idle)
    } throws: {
      ($0 as? DisplayError)?.explanation.contains("128x64") == true
    }
  }
}
