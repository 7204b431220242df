import Testing

@testable import Settings

@Suite("Settings: what is wrong")
struct SettingsProblemTests {
  @Test(
    "An unknown key is told with its place and the key that was meant",
    arguments: [
      ("langage: en", "1:1: langage: unknown key; did you mean language?"),
      ("branch:\n  prot: 8480", "2:3: branch.prot: unknown key; did you mean port?"),
      (
        "reader_socket: /run/r.sock", "1:1: reader_socket: unknown key; did you mean reader-socket?"
      ),
      ("port: 8480", "1:1: port: unknown key here; did you mean branch.port?"),
      (
        "times: { fnord: 1 }",
        "1:10: times.fnord: unknown key; known are show, present, await-card"
      ),
      (
        "display:\n  lcd:\n    collumns: 20",
        "3:5: display.lcd.collumns: unknown key; did you mean columns?"
      ),
      ("dispaly:\n  nothing: here", "1:1: dispaly: unknown key; did you mean display?"),
    ])
  func unknownKeys(text: String, expected: String) throws {
    #expect(try problems(text) == [expected])
  }

  @Test(
    "A wrong value is told with its place, what is expected and what was found",
    arguments: [
      ("state: var/lib", "1:1: state: expected an absolute path, found 'var/lib'"),
      ("state: [a]", "1:1: state: expected an absolute path, found a list"),
      ("state: { a: b }", "1:1: state: expected an absolute path, found keys with values"),
      ("language: fr", "1:1: language: expected one of en, ko, hi, found 'fr'"),
      ("log-level: INFO", nil),
      ("branch: { port: http }", nil),
      ("branch: { port: 80 }", nil),
      ("branch: { port: 65536 }", nil),
      ("branch: { port: -8480 }", nil),
      ("branch: { port: 99999999999999999999 }", nil),
      (
        "branch: { port: '8480' }",
        "1:11: branch.port: expected a number from 1024 to 65535, found '8480' in quotes"
      ),
      ("branch: { show-code: yes }", "1:11: branch.show-code: expected true or false, found 'yes'"),
      ("branch: { show-code: 'true' }", nil),
      ("branch: { socket: branch.sock }", nil),
      ("branch: 8480", "1:1: branch: expected keys with values, found '8480'"),
      ("times: { show: 61 }", "1:10: times.show: expected a number from 5 to 60, found '61'"),
      ("times: { show: 4 }", nil),
      ("times: { present: 9 }", nil),
      ("times: { await-card: 601 }", nil),
      ("reader: /dev/ttyUSB0", nil),
      ("reader: ''", nil),
      ("display: { lcd: { address: 0x78 } }", nil),
      (
        "display: { lcd: { columns: 40 } }",
        "1:19: display.lcd.columns: expected one of 16, 20, found '40'"
      ),
      (
        "display: { oled: { width: 64 } }",
        "1:20: display.oled.width: expected 128, found '64'"
      ),
      ("input: { button: { device: /dev/input/event0, cancel: [768] } }", nil),
      ("display: { lcd: { address: 3c } }", nil),
      ("display: { serial: { device: /dev/ttyS0, speed: 9601 } }", nil),
      ("display: { leds: { ready: ../../etc } }", nil),
      ("display: { keyboard: { enter: 1 } }", nil),
      ("input: { button: { device: /dev/input/event0, cancel: KEY_ESC } }", nil),
      (
        "input: { button: { device: /dev/input/event0, cancel: [KEY_ESC, escape] } }",
        "1:47: input.button.cancel: item 2: expected the kernel's name of a key, such as KEY_ESC,"
          + " or its number, found 'escape'"
      ),
      ("offline-totp: [[a]]", nil),
      ("offline-totp: [bank, 'smartotp:K01:12345678']", nil),
    ] as [(String, String?)])
  func wrongValues(text: String, expected: String?) throws {
    let found = try problems(text)
    #expect(found.count == 1, "\(found)")
    if let expected { #expect(found == [expected]) }
  }

  @Test("Every problem is told at once, in the order of the file, then of the environment")
  func allAtOnce() throws {
    let text = """
      langage: ko
      times:
        show: 90
      branch:
        port: http
        nonsense: 1
      """
    let found = try problems(
      text, environment: ["SMARTOTPD_LOG_LEVEL": "loud", "SMARTOTPD_BRANCH_PROT": "1"])
    #expect(
      found == [
        "1:1: langage: unknown key; did you mean language?",
        "3:3: times.show: expected a number from 5 to 60, found '90'",
        "5:3: branch.port: expected a number from 1024 to 65535, found 'http'",
        "6:3: branch.nonsense: unknown key; known are socket, port, token-file, show-code,"
          + " institution",
        "SMARTOTPD_BRANCH_PROT: there is no such setting; did you mean SMARTOTPD_BRANCH_PORT?",
        "SMARTOTPD_LOG_LEVEL: expected one of trace, debug, info, notice, warning, error, critical,"
          + " found 'loud'",
      ])
  }

  @Test("What a part needs and does not have is told once, and only where the part is there")
  func missingKeys() throws {
    #expect(
      try problems("branch:\n  institution:\n    certificate: /c.pem") == [
        "2:3: branch.institution.key: is missing; expected the absolute path of a file, not the"
          + " secret itself"
      ])
    #expect(
      try problems("display: { serial: { speed: 9600 } }") == [
        "1:12: display.serial.device: is missing; expected an absolute path"
      ])
    #expect(
      try problems("display: { serial: { device: ttyS0 } }") == [
        "1:22: display.serial.device: expected an absolute path, found 'ttyS0'"
      ])
  }

  @Test("A display with nothing below its name may be meant either way, so it is refused")
  func emptyDisplay() throws {
    #expect(
      try problems("display:\n  terminal:\n") == [
        "2:3: display.terminal: nothing is below it; write 'terminal: {}' for the defaults, or"
          + " remove the line"
      ])
  }

  @Test("Two displays at one address are refused")
  func oneAddress() throws {
    let found = try problems("display: { lcd: { address: 0x3c }, oled: {} }")
    #expect(found == ["1:1: display: lcd and oled have the same address on the same bus"])
  }

  @Test("A secret in the file is refused, and is not repeated")
  func secrets() throws {
    let found =
      try problems("branch: { token: hunter2 }")
      + problems("branch: { token-file: hunter2 }")
      + problems("branch: { institution: { certificate: /c, key: '-----BEGIN hunter2' } }")
      + problems("", environment: ["SMARTOTPD_BRANCH_TOKEN_FILE": "hunter2"])
    #expect(found.count == 4)
    #expect(found.allSatisfy { !$0.contains("hunter2") })
    #expect(
      found.first == "1:11: branch.token: secrets are not kept in this file; name a file that"
        + " holds it; did you mean token-file?")
  }

  @Test("What steers a terminal is not repeated")
  func controlCharacters() throws {
    let found = try problems("language: \"\\u001b[2J\"")
    #expect(found == ["1:1: language: expected one of en, ko, hi, found '?[2J' in quotes"])
  }

  @Test("A file that is not there, other than the standard one, is a problem")
  func missingFile() {
    #expect(throws: SettingsError.self) {
      try ApplianceSettings.load(path: "/nonexistent/smartotpd.yaml", environment: [:])
    }
  }

  @Test(
    "What is not YAML is told with its place",
    arguments: [
      "a: [", "a: b: c", "\ta: b", "'", "a: *nowhere", "- a\n- b", "text", "a: 1\n---\nb: 2",
    ])
  func malformed(text: String) throws {
    let found = try problems(text)
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.first?.isNumber == true }, "\(found)")
  }

  @Test("A key that stands twice is refused")
  func duplicates() throws {
    #expect(try problems("language: en\nlanguage: ko").first?.contains("twice: language") == true)
  }

  @Test("Bytes that are no text, too many bytes, and deep nesting are refused")
  func hostileFiles() throws {
    #expect(try problems([0x73, 0xFF, 0xFE]).count == 1)
    #expect(try problems([0x73, 0x00]).count == 1)
    #expect(try problems([UInt8](repeating: 0x23, count: 65_537)).count == 1)
    #expect(try problems([UInt8](repeating: UInt8(ascii: "["), count: 60_000)).count == 1)
    let deep = (0..<300).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
    #expect(try problems(deep).count == 1)
  }

  @Test("Any bytes give settings or problems")
  func anyBytes() throws {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("abc:- {}[],\n\t'\"#&*!|>%@0x9.~?\\".utf8)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        alphabet[Int.random(in: alphabet.indices, using: &generator)]
      }
      _ = try problems(bytes)
    }
  }
}
