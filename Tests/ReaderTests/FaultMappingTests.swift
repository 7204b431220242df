import ReaderWire
import SmartCard
import Testing

@testable import Reader

@Suite("What the driver saw, in the caller's words")
struct FaultMappingTests {
  @Test("Every status byte becomes a card error that may pass, and keeps its number")
  func statuses() {
    for status in UInt8(1)...0x3F {
      let error = CardError(
        DriverFault(.chipStatus, code: Int32(status), commandMayHaveRun: true))
      #expect(error.isTransient && error.commandMayHaveRun)
      switch error.reason {
      case .timedOut: #expect(status == 0x01 || status == 0x0A)
      case .removed: #expect(status == 0x29 || status == 0x2B)
      case .transmission(let kept), .protocolViolation(.chipStatus(let kept)),
        .reader(.chip(let kept)):
        #expect(kept == status)
      default: Issue.record("status \(status) became \(error.reason)")
      }
    }
  }

  @Test("Every fault has an explanation, and only what may pass is tried again")
  func explanations() {
    let lasting: Set<DriverFault.Kind> = [
      .unknownConnstring, .notFound, .permission, .notSerialPort, .claimed, .speedLost, .gone,
      .noCard, .otherCard, .malformed, .answerTooLong, .cancelled, .state, .library,
    ]
    for kind in DriverFault.Kind.allCases {
      let error = ReaderError(DriverFault(kind, code: 1, detail: "detail"))
      #expect(!error.explanation.isEmpty && !error.explanation.contains("\n"))
      #expect(error.isTransient != lasting.contains(kind), "\(kind)")
    }
  }

  @Test("A fault before anything went to the card leaves a counter where it was")
  func mayHaveRun() {
    #expect(!CardError(DriverFault(.line, commandMayHaveRun: false)).commandMayHaveRun)
    #expect(CardError(DriverFault(.line, commandMayHaveRun: true)).commandMayHaveRun)
  }
}
