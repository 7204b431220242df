import SmartCard
import Testing

@Suite("Status word")
struct StatusWordTests {
  @Test("Only 9000 is success")
  func success() {
    let successes = (0...UInt16.max).filter { StatusWord($0).isSuccess }
    #expect(successes == [0x9000])
  }

  @Test("61xx and 6Cxx carry a length, 00 meaning 256")
  func lengths() {
    #expect(StatusWord(0x6101).remainingLength == 1)
    #expect(StatusWord(0x61FF).remainingLength == 255)
    #expect(StatusWord(0x6100).remainingLength == 256)
    #expect(StatusWord(0x6C00).correctLength == 256)
    #expect(StatusWord(0x6C10).correctLength == 16)
    #expect(StatusWord(0x6C10).remainingLength == nil)
    #expect(StatusWord(0x6110).correctLength == nil)
    #expect(StatusWord(0x9000).remainingLength == nil)
  }

  @Test("63Cx carries the tries left, other 63xx do not")
  func retries() {
    #expect(StatusWord(0x63C0).retriesLeft == 0)
    #expect(StatusWord(0x63CF).retriesLeft == 15)
    #expect(StatusWord(0x63D0).retriesLeft == nil)
    #expect(StatusWord(0x6300).retriesLeft == nil)
    #expect(StatusWord(0x62C3).retriesLeft == nil)
  }

  @Test("Every status word has an explanation and four hexadecimal digits")
  func total() {
    for raw in stride(from: UInt16(0), to: .max, by: 1) {
      let status = StatusWord(raw)
      #expect(status.explanation.utf8CodeUnitCount > 0)
      #expect(status.description.utf8.count == 4)
      #expect(StatusWord(sw1: status.sw1, sw2: status.sw2) == status)
    }
  }

  @Test("Explanations are the standard's")
  func explanations() {
    #expect(
      "\(StatusWord.fileOrApplicationNotFound.explanation)" == "file or application not found")
    #expect(
      "\(StatusWord.securityStatusNotSatisfied.explanation)"
        == "security status not satisfied, authenticate first")
    #expect("\(StatusWord(0x9001).explanation)" == "status word outside ISO/IEC 7816-4")
    #expect("\(StatusWord(0x6A82))" == "6A82")
  }

  @Test("Named constants have the standard's values")
  func constants() {
    #expect(StatusWord.success.rawValue == 0x9000)
    #expect(StatusWord.wrongData.rawValue == 0x6A80)
    #expect(StatusWord.conditionsNotSatisfied.rawValue == 0x6985)
    #expect(StatusWord.referenceDataNotUsable.rawValue == 0x6984)
    #expect(StatusWord.instructionNotSupported.rawValue == 0x6D00)
  }
}
