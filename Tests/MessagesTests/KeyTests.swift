import Testing

@testable import Appliance
@testable import Messages

@Suite struct KeyTests {
  @Test("Every notice has a name of its own, in lower case and hyphens")
  func notices() {
    let notices: [Notice] =
      CardTrouble.allCases.map { .card($0) } + CenterTrouble.allCases.map { .center($0) }
      + [.nothingPending, .timedOut, .cancelled, .closed, .readerLost]
    let keys = notices.map(\.key)
    #expect(Set(keys).count == notices.count)
    #expect(keys.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D } })
    #expect(keys.prefix(3) == ["card-gone", "card-other-card", "card-not-smart-otp"])
  }

  @Test("A picture is called as its phase is")
  func pictures() {
    #expect(Picture(.screen(.making)).key == "generating")
    #expect(Picture(.screen(.idle(centerIsThere: false))).key == "idle-without-center")
    #expect(Picture(.blank).key == "blank")
  }
}
