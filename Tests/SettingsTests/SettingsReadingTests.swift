import Glibc
import SmartOTP
import Testing

@testable import Settings

@Suite("Settings: what is read")
struct SettingsReadingTests {
  @Test("Where there is no file at the standard path, defaults hold")
  func standardPathMayBeMissing() throws {
    try #require(
      (try? SettingsFile.content(of: ApplianceSettings.standardPath)) == nil,
      "this machine has a configuration of its own")
    #expect(try ApplianceSettings.load(environment: [:]) == ApplianceSettings())
  }

  @Test("An empty file, and one with empty parts, means defaults")
  func emptyFiles() throws {
    #expect(try settings("") == ApplianceSettings())
    #expect(try settings("# nothing\n") == ApplianceSettings())
    #expect(try settings("display:\ninput:\nbranch:\ntimes:\n") == ApplianceSettings())
  }

  private static let installedFile =
    String(#filePath.dropLast("Tests/SettingsTests/SettingsReadingTests.swift".count))
    + "Hardware/packaging/etc/smartotpd.yaml"

  @Test("The file that is installed says the defaults and nothing else")
  func installedFile() throws {
    let settings = try ApplianceSettings.load(path: Self.installedFile, environment: [:])
    #expect(settings == ApplianceSettings())
  }

  @Test("The installed file's commented keys are right: with each '#' removed, all is set")
  func installedFileUncommented() throws {
    let bytes = try SettingsFile.content(of: Self.installedFile)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      (line) -> String in
      // Prose has one space behind the '#', keys have none or more.
      let comment = line.drop { $0 == " " }
      let isKey =
        comment.hasPrefix("#") && comment.contains(":")
        && (!comment.hasPrefix("# ") || comment.hasPrefix("#  "))
      return isKey ? String(line.prefix { $0 == " " } + comment.dropFirst()) : String(line)
    }
    let all = try settings(lines.joined(separator: "\n"))
    #expect(all.readerSocket == "/run/smartotp-reader/reader.sock")
    #expect(all.display.terminal == .init())
    #expect(all.display.lcd == .init())
    #expect(all.display.oled == .init())
    #expect(all.display.keyboard == .init())
    #expect(all.display.serial == .init(device: "/dev/ttyUSB1"))
    #expect(all.display.leds?.fault == "smartotp:red")
    #expect(all.input.button == .init(device: "/dev/input/event0"))
    #expect(all.branch.port == 8480)
    #expect(all.branch.tokenFile == "/etc/smartotp/branch-token")
    #expect(all.branch.institution?.key == "/etc/smartotp/institution.key")
  }

  @Test("Every key is read")
  func everyKey() throws {
    let read = try settings(
      """
      state: /srv/state
      reader: usb:1-1.2
      reader-socket: /run/r.sock
      language: ko
      display:
        terminal: { device: "-" }
        lcd: { bus: /dev/i2c-3, address: 63, columns: 20, rows: 4 }
        oled: { bus: /dev/i2c-4, address: 0x3d, width: 128, height: 32 }
        keyboard: { device: /dev/hidg1, enter: false, layout-safe: false }
        serial: { device: /dev/ttyS0, speed: 19200 }
        leds: { ready: a, busy: b, fault: c }
      input:
        button: { device: /dev/input/event3, cancel: [KEY_BACK, BTN_0, 158] }
      branch:
        socket: none
        port: 9000
        token-file: /t
        show-code: true
        institution: { certificate: /c, key: /k }
      offline-totp: ["bank:me", other]
      times: { show: 30, present: 45, await-card: 90 }
      log-level: debug
      """)
    var expected = ApplianceSettings()
    expected.state = "/srv/state"
    expected.reader = "usb:1-1.2"
    expected.readerSocket = "/run/r.sock"
    expected.language = .korean
    expected.display.terminal = .init()
    expected.display.terminal?.device = "-"
    var lcd = DisplaySettings.CharacterLCD()
    (lcd.bus, lcd.address, lcd.columns, lcd.rows) = ("/dev/i2c-3", 63, 20, 4)
    expected.display.lcd = lcd
    var oled = DisplaySettings.OLED()
    (oled.bus, oled.address, oled.width, oled.height) = ("/dev/i2c-4", 0x3D, 128, 32)
    expected.display.oled = oled
    var keyboard = DisplaySettings.Keyboard()
    (keyboard.device, keyboard.enter, keyboard.layoutSafe) = ("/dev/hidg1", false, false)
    expected.display.keyboard = keyboard
    expected.display.serial = .init(device: "/dev/ttyS0")
    expected.display.serial?.speed = 19_200
    var leds = DisplaySettings.LEDs()
    (leds.ready, leds.busy, leds.fault) = ("a", "b", "c")
    expected.display.leds = leds
    expected.input.button = .init(
      device: "/dev/input/event3", cancel: ["KEY_BACK", "BTN_0", "158"])
    expected.branch.socket = nil
    expected.branch.port = 9000
    expected.branch.tokenFile = "/t"
    expected.branch.showsCode = true
    expected.branch.institution = .init(certificate: "/c", key: "/k")
    expected.offlineTOTP = ["bank:me", "other"]
    (expected.times.show, expected.times.present, expected.times.awaitCard) = (30, 45, 90)
    expected.logLevel = .debug
    #expect(read == expected)
  }

  @Test("A display with empty braces has its defaults")
  func emptyBraces() throws {
    let read = try settings("display: { lcd: {} }")
    #expect(read.display.lcd == .init())
    #expect(read.display.oled == nil)
  }

  @Test("The environment takes the place of the file, and switches on what the file does not have")
  func environment() throws {
    let read = try settings(
      "branch: { port: 8480 }\nlanguage: en",
      environment: [
        "SMARTOTPD_BRANCH_PORT": "9001", "SMARTOTPD_LANGUAGE": "hi",
        "SMARTOTPD_DISPLAY_LCD_ADDRESS": "0x3f", "SMARTOTPD_OFFLINE_TOTP": "a,b",
        "SMARTOTPD_READER_SOCKET": "/run/x.sock", "PATH": "/bin",
      ])
    #expect(read.branch.port == 9001)
    #expect(read.language == .hindi)
    #expect(read.display.lcd?.address == 0x3F)
    #expect(read.offlineTOTP == ["a", "b"])
    #expect(read.readerSocket == "/run/x.sock")
  }

  @Test("The words for the log's levels are swift-log's, in its order")
  func logLevels() {
    #expect(
      ApplianceSettings.LogLevel.allCases.map(\.rawValue) == [
        "trace", "debug", "info", "notice", "warning", "error", "critical",
      ])
  }

  @Test("This process's variables are found")
  func ownEnvironment() {
    setenv("SMARTOTPD_TEST", "a=b", 1)
    #expect(ProcessEnvironment.variables()["SMARTOTPD_TEST"] == "a=b")
    unsetenv("SMARTOTPD_TEST")
    #expect(ProcessEnvironment.variables()["SMARTOTPD_TEST"] == nil)
    #expect(ProcessEnvironment.variables()["PATH"]?.isEmpty == false)
  }
}
