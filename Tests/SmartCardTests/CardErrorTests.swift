import SmartCard
import Testing

@Suite("Card error")
struct CardErrorTests {
  private static let faults: [ReaderFault] = [
    .line(code: 5), .chip(status: 0x7F), .driverKilled(signal: 6), .driverExited(status: 1),
    .driverSilent, .driverNonsense, .gone, .permission, .busy, .unsupported,
  ]
  private static let violations: [CardError.ProtocolViolation] = [
    .chipStatus(0x0B), .endlessChain, .repeatedWrongLength, .brokenCommandChain, .answerTooLong,
  ]
  private static let reasons: [CardError.Reason] =
    [
      .removed, .replaced, .timedOut, .transmission(chipStatus: 0x02), .deadlinePassed,
      .malformedResponse(.responseTooShort(count: 1)),
      .commandNotEncodable(.extendedLengthNotAllowed),
    ] + faults.map(CardError.Reason.reader)
    + violations.map(CardError.Reason.protocolViolation)

  @Test("A command counts as possibly run unless the thrower says otherwise")
  func cautious() {
    #expect(CardError(.timedOut).commandMayHaveRun)
    #expect(!CardError(.timedOut, commandMayHaveRun: false).commandMayHaveRun)
  }

  @Test("Reasons that exclude it are never taken for a run command")
  func excluded() {
    #expect(!CardError(.replaced).commandMayHaveRun)
    #expect(!CardError(.commandNotEncodable(.lengthFieldMismatch)).commandMayHaveRun)
  }

  @Test("Every error says in one line what happened and what to do", arguments: reasons)
  func explained(reason: CardError.Reason) {
    let text = "\(CardError(reason))"
    #expect(text.contains(";") && !text.contains("\n"), "\(text)")
    #expect(text.utf8.count < 120, "\(text)")
  }

  @Test("Disturbances are transient; what stays wrong is not")
  func transient() {
    for reason in [
      .removed, .timedOut, .transmission(chipStatus: 1), .protocolViolation(.chipStatus(0x0B)),
      .reader(.line(code: 0)), .reader(.driverKilled(signal: 11)), .reader(.driverSilent),
    ] as [CardError.Reason] {
      #expect(CardError(reason).isTransient, "\(reason)")
    }
    for reason in [
      .replaced, .deadlinePassed, .protocolViolation(.endlessChain), .reader(.gone),
      .reader(.permission), .reader(.busy),
    ] as [CardError.Reason] {
      #expect(!CardError(reason).isTransient, "\(reason)")
    }
  }

  @Test("The chip's status and the signal are in the text")
  func numbers() {
    #expect("\(CardError(.transmission(chipStatus: 0x0B)))".hasSuffix("(chip status 0B)"))
    #expect("\(CardError(.reader(.driverKilled(signal: 6))))".hasSuffix("(signal 6)"))
    #expect(!"\(CardError(.reader(.line(code: 0))))".contains("("))
  }
}
