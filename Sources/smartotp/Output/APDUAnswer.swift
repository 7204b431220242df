import APDUScript
import SmartCard

/// An exchange as `smartotp apdu` shows it.
struct APDUAnswer: Encodable {
  var command: String
  var response: String
  var statusWord: String
  var meaning: String
  /// In a script.
  var line: Int?
  /// With an expectation: the pattern, and whether the answer is as it says.
  var expected: String?
  var asExpected: Bool?

  init(
    _ response: ResponseAPDU, to command: CommandAPDU, expecting pattern: ResponsePattern? = nil,
    line: Int? = nil
  ) {
    // It was sent, so it has an encoding.
    self.command = (try? command.encoded()).map(Hexadecimal.text) ?? ""
    self.response = Hexadecimal.text(response.encoded())
    statusWord = "\(response.statusWord)"
    meaning = "\(response.statusWord.explanation)"
    self.line = line
    expected = pattern?.description
    asExpected = pattern?.matches(response)
  }

  func show(asJSON: Bool) { StandardOutput.line(asJSON ? JSONLine.text(self) : response) }
}

extension APDUAnswer {
  /// Sent, got and expected in one line; nil when the answer is as expected.
  static func mismatch(
    _ response: ResponseAPDU, to command: CommandAPDU, expecting pattern: ResponsePattern
  ) -> String? {
    guard !pattern.matches(response) else { return nil }
    let answer = APDUAnswer(response, to: command)
    let hint =
      pattern.afterAnyData.matches(response)
      ? "; *\(pattern) takes any data before it" : ""
    return "sent \(excerpt(answer.command)), got \(excerpt(answer.response)) (\(answer.meaning)), "
      + "expected \(excerpt(pattern.description))\(hint)"
  }

  /// Both ends of hexadecimal that would fill more than a line.
  private static func excerpt(_ text: String) -> String {
    text.utf8.count <= 80 ? text : "\(text.prefix(40))...\(text.suffix(20))"
  }
}
