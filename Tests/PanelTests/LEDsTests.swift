import Glibc
import SmartOTP
import Synchronization
import Testing

@testable import Appliance
@testable import Panel

/// A folder of its own for a test, gone afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/panel-XXXXXX".utf8CString)
    let made = mkdtemp(&template)
    try #require(made != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
    }
    if rmdir(path) != 0 { unlink(path) }
  }

  func write(_ text: String, to name: String) {
    guard let file = fopen(path + "/" + name, "w") else { return }
    fputs(text, file)
    fclose(file)
  }

  func read(_ name: String) -> String {
    guard let file = fopen(path + "/" + name, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

@Suite struct LEDsTests {
  /// Three lights as the kernel has them, and a record of what was opened.
  final class Stage: Sendable {
    let folder: String
    let display: LEDs
    private let owner: Mutex<TemporaryFolder>
    private let record: Record

    final class Record: Sendable { let paths = Mutex<[String]>([]) }

    init(maximum: String = "255\n") throws {
      let temporary = try TemporaryFolder()
      for name in ["green", "yellow", "red"] {
        mkdir(temporary.path + "/" + name, 0o755)
        for attribute in ["trigger", "brightness", "delay_on", "delay_off"] {
          temporary.write("before", to: "\(name)/\(attribute)")
        }
        temporary.write(maximum, to: "\(name)/max_brightness")
      }
      folder = temporary.path
      owner = Mutex(temporary)
      let record = Record()
      display = try LEDs(
        .init(ready: "green", busy: "yellow", fault: "red"), folder: temporary.path
      ) { path, flags in
        record.paths.withLock { $0.append(path) }
        return open(path, flags)
      }
      self.record = record
    }

    /// The attributes that were opened since the last call.
    func openedSince() -> [String] {
      record.paths.withLock { paths in
        defer { paths = [] }
        return paths.map { String($0.dropFirst(folder.utf8.count + 1)) }
      }
    }

    func read(_ name: String) -> String { owner.withLock { $0.read(name) } }

    /// `on`, `off`, or the blinking times, of each light.
    func lights() -> [String] {
      ["green", "yellow", "red"].map { light in
        switch (read("\(light)/trigger"), read("\(light)/brightness")) {
        case ("none", "0"): "off"
        case ("none", let brightness): "on \(brightness)"
        case ("timer", _): read("\(light)/delay_on") + "/" + read("\(light)/delay_off")
        default: "?"
        }
      }
    }
  }

  static let table: [(Picture, [String])] = [
    (Scene.blank, ["off", "off", "off"]),
    (Scene.idle, ["on 255", "off", "off"]),
    (Picture(.screen(.idle(centerIsThere: false))), ["off", "off", "500/500"]),
    (Picture(.screen(.tapCard(Scene.offer))), ["500/500", "off", "off"]),
    (Scene.asking(), ["500/500", "off", "off"]),
    (Picture(.screen(.reading)), ["off", "100/100", "off"]),
    (Picture(.screen(.making)), ["off", "100/100", "off"]),
    (Scene.showing(), ["on 255", "on 255", "off"]),
    (Picture(.screen(.restricted([.copiedState]))), ["off", "off", "on 255"]),
    (Picture(.screen(.readerLost), notice: .readerLost), ["off", "off", "on 255"]),
    (Picture(.screen(.reading), notice: .card(.several)), ["off", "100/100", "100/100"]),
    (Picture(.screen(.idle(centerIsThere: true)), notice: .timedOut), ["on 255", "off", "off"]),
  ]

  @Test("Each picture has its pattern, from whatever was shown before")
  func patterns() throws {
    let stage = try Stage()
    for (picture, lights) in Self.table + Self.table.reversed() {
      try stage.display.show(picture)
      #expect(stage.lights() == lights, "\(picture)")
    }
  }

  @Test("A light that goes on as before is left alone; a timer is set before its times")
  func changes() throws {
    let stage = try Stage()
    try stage.display.show(Scene.idle)
    _ = stage.openedSince()
    try stage.display.show(Scene.idle)
    #expect(stage.openedSince() == [])
    try stage.display.show(Scene.asking())
    #expect(stage.openedSince() == ["green/trigger", "green/delay_on", "green/delay_off"])
  }

  @Test("Full brightness is what the light says")
  func brightness() throws {
    for (text, expected) in [
      ("1\n", "on 1"), ("4095\n", "on 4095"), ("", "on 255"), ("x", "on 255"),
    ] {
      let stage = try Stage(maximum: text)
      try stage.display.show(Scene.idle)
      #expect(stage.lights()[0] == expected)
    }
  }

  @Test("A light that is missing is named, and the others show their pattern")
  func missing() throws {
    let stage = try Stage()
    let display = try LEDs(
      .init(ready: "none-such", busy: "yellow", fault: "red"), folder: stage.folder,
      opener: systemOpener)
    #expect {
      try display.show(Picture(.screen(.reading)))
    } throws: {
      guard case .some(.absent(let text)) = $0 as? DisplayError else { return false }
      return text.contains("none-such/trigger")
    }
    #expect(stage.lights()[1...] == ["100/100", "off"])
  }

  @Test(
    "Times that belong to root for a moment are waited for; for good, the kernel's own are kept",
    arguments: [(3, "100/100"), (Int.max, "before/before")])
  func timesOfRoot(refusals: Int, times: String) throws {
    let stage = try Stage()
    let left = Mutex(refusals)
    let display = try LEDs(.init(busy: "yellow"), folder: stage.folder) { path, flags in
      let isRefused = left.withLock { left in
        guard path.hasSuffix("delay_on") || path.hasSuffix("delay_off"), left > 0 else {
          return false
        }
        left -= 1
        return true
      }
      guard isRefused else { return open(path, flags) }
      errno = EACCES
      return -1
    }
    try display.show(Picture(.screen(.making)))
    #expect(stage.lights()[1] == times)
  }

  @Test("A name that leads out of the folder is refused", arguments: ["../x", "", "a/b", ".."])
  func paths(name: String) {
    #expect(throws: DisplayError.self) { try LEDs(.init(ready: name)) }
  }
}
