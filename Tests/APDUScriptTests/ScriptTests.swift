import APDUScript
import SmartCard
import Testing

@Suite("Scripts")
struct ScriptTests {
  @Test("Each step keeps its line, comments and blank lines counted")
  func lines() throws {
    let script = try Script(
      parsing: Array("# the deadline first\n:deadline 500\r\n\n00A10000 => *9000\n:reset".utf8))
    #expect(
      script.steps == [
        .init(line: 2, instruction: .deadline(milliseconds: 500)),
        .init(
          line: 4,
          instruction: .exchange(
            CommandAPDU(cla: 0x00, ins: 0xA1, p1: 0x00, p2: 0x00),
            expecting: try ResponsePattern(parsing: "*9000"))),
        .init(line: 5, instruction: .reset),
      ])
  }

  @Test(
    "What is no script is refused, and where",
    arguments: [
      ("", "no line of it holds an APDU"), ("# nothing\n\n", "no line of it holds an APDU"),
      ("00A10000\n\nhello\n00A", "line 3: 'hello' is not hexadecimal"),
      (":quit", "line 1: :quit is for the interactive shell"),
      ("\n:help\n", "line 2: :help is for the interactive shell"),
    ])
  func refused(text: String, explanation: String) {
    let error = #expect(throws: ScriptError.self) { try Script(parsing: Array(text.utf8)) }
    #expect(error?.explanation == explanation)
  }

  @Test("A text without end is refused")
  func length() {
    let text = [UInt8](repeating: 0x0A, count: Script.maximumLength + 1)
    #expect(throws: ScriptError.tooLong) { try Script(parsing: text) }
  }

  @Test("Any bytes are a script or an error")
  func total() {
    let alphabet = Array("00Aa:#=>*?. \n\r\tselectwaitreset".utf8) + [0x00, 0x80, 0xC3, 0xFF]
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 0...40)).map { _ in alphabet.randomElement() ?? 0 }
      _ = try? Script(parsing: text)
    }
  }
}
