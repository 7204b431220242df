import APDUScript
import SmartCard
import Testing

@Suite("Instructions")
struct InstructionTests {
  private static let select = CommandAPDU(
    cla: 0x00, ins: 0xA4, p1: 0x04, p2: 0x00, data: [0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01])

  @Test(
    "A line of hexadecimal is a command, whatever stands between its bytes",
    arguments: [
      "00A4040007A0000005272101", "00 a4 04 00 07 a0:00:00:05:27:21:01",
      "\t00A40400 07 A0000005272101  # the OATH application\r",
    ])
  func exchange(line: String) throws {
    #expect(try Instruction(parsing: line) == .exchange(Self.select, expecting: nil))
  }

  @Test("After => stands the answer that is expected")
  func expectation() throws {
    let pattern = try ResponsePattern(parsing: "79*9000")
    for line in ["00A4040007A0000005272101=>79*9000", ":select A0000005272101 => 79 * 90 00 # ok"] {
      #expect(try Instruction(parsing: line) == .exchange(Self.select, expecting: pattern))
    }
  }

  @Test(
    "Words that begin with a colon are for the conversation itself",
    arguments: [
      (":select A0:00:00:05:27:21:01", Instruction.exchange(select, expecting: nil)),
      (":deadline 200", .deadline(milliseconds: 200)), (":reset", .reset),
      (":wait", .wait(seconds: nil)), (" :wait  5 ", .wait(seconds: 5)), (":help", .help),
      (":quit", .quit),
    ])
  func words(line: String, instruction: Instruction) throws {
    #expect(try Instruction(parsing: line) == instruction)
  }

  @Test("An empty line and a comment ask for nothing", arguments: ["", "  \t", "# 00A4", "\r"])
  func nothing(line: String) throws {
    #expect(try Instruction(parsing: line) == nil)
  }

  @Test(
    "Any other line is refused, and why",
    arguments: [
      ("hello", "'hello' is not hexadecimal"),
      ("00A4\u{1B}[2J", "'00A4?[2J' is not hexadecimal"),
      (
        String(repeating: "z", count: 40),
        "'\(String(repeating: "z", count: 32))...' is not hexadecimal"
      ),
      ("00A", "3 hexadecimal digits are no whole bytes"),
      ("00A4", "no command APDU: the command is shorter than its four header bytes"),
      ("00A4040005A0", "no command APDU: the command's length fields disagree with its length"),
      ("=> 9000", "there is nothing to send before =>"),
      ("00A40400 => 9000 => 6A82", "more than one => in a line"),
      ("00A40400 =>", "the expected answer is missing"),
      ("00A40400 => 900", "the expected answer has 3 digits in a row; a byte takes two"),
      (
        "00A40400 => 90g0",
        "'g' in the expected answer is neither a hexadecimal digit nor ?, . or *"
      ),
      (":dance", "there is no ':dance'; there are :select, :deadline, :reset and :wait"),
      (":select", ":select takes an AID of 1 to 16 bytes"),
      (":select xyz", "'xyz' is not hexadecimal"),
      (":deadline", ":deadline takes 1 to 60000 milliseconds"),
      (":deadline 0", ":deadline takes 1 to 60000 milliseconds"),
      (":deadline 99999999999999999999", ":deadline takes 1 to 60000 milliseconds"),
      (":wait soon", ":wait takes 0 to 3600 seconds, or nothing"),
      (":reset now", ":reset takes nothing"),
    ])
  func refused(line: String, explanation: String) {
    let error = #expect(throws: InstructionError.self) { try Instruction(parsing: line) }
    #expect(error?.explanation == explanation)
  }
}
