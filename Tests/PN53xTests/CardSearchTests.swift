import PN53x
import Testing

@Suite("Searching the field")
struct CardSearchTests {
  private let a = PassiveTarget.typeA(atqa: 4, sak: 0x20, uid: [1, 2, 3, 4], ats: [1])
  private let b = PassiveTarget.typeB(
    atqb: [0x50, 9, 9, 9, 9, 0, 0, 0, 0, 0, 0x81, 0x81], attribute: [])

  /// Plays a search against a field that does not change; the kinds listed and what was found.
  private func play(
    _ search: inout CardSearch, a: Bool, b: Bool, limit: Int = 8
  ) -> ([TargetKind], [PassiveTarget]) {
    var kinds: [TargetKind] = []
    while kinds.count < limit {
      let kind = search.query.kind
      kinds.append(kind)
      let present = kind == .typeA ? a : b
      let targets = present ? [kind == .typeA ? self.a : self.b] : []
      if case .found(let cards) = search.report(targets) { return (kinds, cards) }
    }
    return (kinds, [])
  }

  @Test("The first Type A card costs one look for Type B")
  func coldTypeA() {
    var search = CardSearch(supportsTypeB: true)
    let (kinds, cards) = play(&search, a: true, b: false)
    #expect(kinds == [.typeB, .typeA] && cards == [a])
  }

  @Test("A later Type A card costs one command")
  func warmTypeA() {
    var search = CardSearch(supportsTypeB: true)
    _ = play(&search, a: true, b: false)
    search.restart()
    let (kinds, cards) = play(&search, a: true, b: false)
    #expect(kinds == [.typeA] && cards == [a])
  }

  @Test("A first Type B card is activated again after the look for Type A dropped it")
  func coldTypeB() {
    var search = CardSearch(supportsTypeB: true)
    let (kinds, cards) = play(&search, a: false, b: true)
    #expect(kinds == [.typeB, .typeA, .typeB] && cards == [b])
  }

  @Test("Cards of both kinds are reported together")
  func both() {
    var search = CardSearch(supportsTypeB: true)
    let (_, cards) = play(&search, a: true, b: true)
    #expect(Set(cards.map(\.kind)) == [.typeA, .typeB])
  }

  @Test("An empty field is asked for both kinds in turn")
  func empty() {
    var search = CardSearch(supportsTypeB: true)
    let (kinds, cards) = play(&search, a: false, b: false, limit: 4)
    #expect(kinds == [.typeB, .typeA, .typeB, .typeA] && cards.isEmpty)
  }

  @Test("A chip without Type B lists Type A only")
  func typeAOnly() {
    var search = CardSearch(supportsTypeB: false)
    let (kinds, cards) = play(&search, a: false, b: true, limit: 3)
    #expect(kinds == [.typeA, .typeA, .typeA] && cards.isEmpty)
    let (found, card) = play(&search, a: true, b: false)
    #expect(found == [.typeA] && card == [a])
  }

  @Test("Two cards of one kind end the search at once")
  func twoOfAKind() {
    var search = CardSearch(supportsTypeB: true)
    #expect(search.report([]) == .keepLooking)
    #expect(search.report([a, a]) == .found([a, a]))
  }

  @Test("An expected card is asked for by its UID first, and in turn with all others")
  func expected() {
    var search = CardSearch(supportsTypeB: true)
    search.restart(expecting: [1, 2, 3, 4])
    var queries: [CardSearch.Query] = []
    for _ in 0..<4 {
      queries.append(search.query)
      #expect(search.report([]) == .keepLooking)
    }
    let uid = CardSearch.Query.select(uid: [1, 2, 3, 4])
    #expect(queries == [uid, .list(.typeA), .list(.typeB), uid])
    search.restart(expecting: [1, 2, 3, 4])
    #expect(search.query.command.bytes == [0x4A, 0x01, 0x00, 1, 2, 3, 4])
    #expect(search.report([a]) == .found([a]))
  }

  @Test("A UID of no possible length is not asked for")
  func impossibleUID() {
    var search = CardSearch(supportsTypeB: true)
    search.restart(expecting: [1, 2, 3])
    #expect(search.query == .list(.typeB))
  }

  @Test("A card that left during the second look is searched anew")
  func leftMeanwhile() {
    var search = CardSearch(supportsTypeB: true)
    #expect(search.report([b]) == .keepLooking)
    #expect(search.report([]) == .keepLooking)
    #expect(search.query == .list(.typeB))
    #expect(search.report([]) == .keepLooking)
  }
}
