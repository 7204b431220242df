import SmartOTP
import Testing

@Suite("States")
struct StateTests {
  @Test("A card moves only forward, and never from lost or retired")
  func card() {
    let steps: Set<[CardState]> = [
      [.reserved, .keyed], [.reserved, .retired], [.keyed, .keyed], [.keyed, .active],
      [.keyed, .retired], [.active, .lost], [.active, .retired],
    ]
    for from in CardState.allCases {
      for to in CardState.allCases {
        #expect(from.mayBecome(to) == steps.contains([from, to]), "\(from) to \(to)")
      }
    }
  }

  @Test("A transaction moves only pending, claimed, final")
  func transaction() {
    let steps: Set<[TransactionState]> = [
      [.pending, .claimed], [.pending, .cancelled], [.pending, .expired], [.claimed, .claimed],
      [.claimed, .verified], [.claimed, .rejected], [.claimed, .cancelled], [.claimed, .expired],
    ]
    for from in TransactionState.allCases {
      for to in TransactionState.allCases {
        #expect(from.mayBecome(to) == steps.contains([from, to]), "\(from) to \(to)")
      }
      #expect(from.isFinal == !TransactionState.allCases.contains { from.mayBecome($0) })
    }
  }

  @Test("The tenth wrong code in a row locks a card")
  func lock() throws {
    var card = Card(
      card: try CardIdentity("K01:12345678"), issuer: try InstitutionCode("004"),
      customer: try CustomerID.random(), state: .active, wrongCodes: 9, createdAt: UnixTime(0))
    #expect(!card.isLocked)
    card.wrongCodes = 10
    #expect(card.isLocked)
  }

  @Test("Time does not run past its ends")
  func time() {
    #expect(UnixTime(.max) + 1 == UnixTime(.max))
    #expect(UnixTime(.min) + -1 == UnixTime(.min))
    #expect(UnixTime(1) + 59 == UnixTime(60))
  }

  @Test("Every refusal has a client or server error status and a type of its own")
  func refusals() {
    for code in RefusalCode.allCases {
      #expect((400...599).contains(code.httpStatus), "\(code)")
      #expect(!code.title.isEmpty)
    }
    #expect(Set(RefusalCode.allCases.map(\.type)).count == RefusalCode.allCases.count)
  }
}
