import SmartOTP
import Testing

@testable import Panel

@Suite struct PageTurnerTests {
  let first = TransactionID(accepted: "T-1")

  @Test("Pages turn with the time, from the first, around")
  func turns() {
    var turner = PageTurner(secondsPerPage: 2)
    let pages = (1...8).reversed().map { turner.page(of: first, count: 3, secondsLeft: $0) }
    #expect(pages == [0, 0, 1, 1, 2, 2, 0, 0])
  }

  @Test("Another transaction begins at its first page")
  func another() {
    var turner = PageTurner(secondsPerPage: 1)
    _ = turner.page(of: first, count: 3, secondsLeft: 60)
    #expect(turner.page(of: first, count: 3, secondsLeft: 59) == 1)
    #expect(turner.page(of: TransactionID(accepted: "T-2"), count: 3, secondsLeft: 58) == 0)
  }

  @Test("Any time and any count give a page that there is")
  func total() {
    var turner = PageTurner(secondsPerPage: 0)
    for left in [Int?.none, .max, 0, .min, 5] {
      for count in [0, 1, 7] {
        #expect(
          (0...max(0, count - 1)).contains(turner.page(of: first, count: count, secondsLeft: left)))
      }
    }
  }
}
