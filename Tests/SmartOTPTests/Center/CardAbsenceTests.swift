import Testing

@testable import smartotp

@Suite("Absence of a card")
struct CardAbsenceTests {
  private let start = ContinuousClock.now

  /// Notes looks that ended at so many milliseconds; whether the card is away after the last.
  private func isAway(_ looks: [(CardAbsence.Look, Int)]) -> Bool {
    var absence = CardAbsence()
    for (look, time) in looks { absence.note(look, at: start + .milliseconds(time)) }
    return absence.isEnough
  }

  @Test("It takes looks in vain over 300 ms, from the end of the first")
  func minimum() {
    #expect(!isAway([]))
    #expect(!isAway([(.nothing, 1000)]))
    #expect(!isAway([(.nothing, 0), (.nothing, 120), (.nothing, 299)]))
    #expect(isAway([(.nothing, 0), (.nothing, 120), (.nothing, 300)]))
  }

  @Test("A look that fails says nothing, and the time begins anew", arguments: [50, 5000])
  func failedLook(length: Int) {
    #expect(!isAway([(.unknown, 0), (.unknown, length)]))
    #expect(!isAway([(.nothing, 0), (.unknown, length), (.nothing, length + 300)]))
    #expect(
      !isAway([(.nothing, 0), (.nothing, 200), (.unknown, 250), (.nothing, 300), (.nothing, 599)]))
    #expect(isAway([(.unknown, 0), (.nothing, 100), (.nothing, 400)]))
  }

  @Test("A card that is seen again has not left")
  func seenAgain() {
    #expect(!isAway([(.nothing, 0), (.nothing, 290), (.card, 295), (.nothing, 310)]))
  }

  @Test("Two looks far apart do not vouch for the time between them")
  func gap() {
    #expect(!isAway([(.nothing, 0), (.nothing, 10_000)]))
    #expect(isAway([(.nothing, 0), (.nothing, 10_000), (.nothing, 10_300)]))
  }
}
