import Center
import SmartOTP
import Testing

@Suite("Lives as the record tells them")
struct HistoryTests {
  private func transaction(_ actions: String...) -> TransactionHistory {
    var history = TransactionHistory()
    for action in actions { history.add("transaction.\(action)") }
    return history
  }

  private func card(_ actions: [String]) -> CardHistory {
    var history = CardHistory()
    for action in actions { history.add(action) }
    return history
  }

  @Test("A transaction that is claimed twice, missed once and then verified is legal")
  func legalTransaction() {
    let history = transaction("posted", "claimed", "claimed", "code-wrong", "verified")
    #expect(history.isLegal)
    #expect(history.state == .verified)
    #expect(history.attemptsLeft == 4)
  }

  @Test("Five wrong codes reject; a fifth that does not is not legal")
  func rejection() {
    let rejected = transaction(
      "posted", "claimed", "code-wrong", "code-wrong", "code-wrong", "code-wrong", "rejected")
    #expect(rejected.isLegal)
    #expect(rejected.attemptsLeft == 0)
    #expect(
      !transaction(
        "posted", "claimed", "code-wrong", "code-wrong", "code-wrong", "code-wrong", "code-wrong"
      ).isLegal)
    #expect(!transaction("posted", "claimed", "rejected").isLegal)
  }

  @Test("A code accepted twice, a claim after the end and a verification without claim are illegal")
  func illegalTransactions() {
    #expect(!transaction("posted", "claimed", "verified", "verified").isLegal)
    #expect(!transaction("posted", "cancelled", "claimed").isLegal)
    #expect(!transaction("posted", "verified").isLegal)
    #expect(!transaction("claimed").isLegal)
    #expect(!transaction("posted", "posted").isLegal)
  }

  @Test("A card's wrong codes are those since the last right one, and ten lock it")
  func cardCounts() {
    let active = [
      "card.reserved", "card.keyed", "card.proof-wrong", "card.keyed", "card.activated",
    ]
    let wrong = "transaction.code-wrong"
    #expect(card(active + [wrong, wrong, "transaction.verified", wrong]).wrongCodes == 1)
    let locked = card(active + Array(repeating: wrong, count: 10) + ["card.locked"])
    #expect(locked.isLegal)
    #expect(locked.wrongCodes == 10)
    #expect(!card(active + Array(repeating: wrong, count: 11)).isLegal)
    #expect(
      card(active + Array(repeating: wrong, count: 10) + ["card.locked", "card.unlocked"])
        .wrongCodes == 0)
    #expect(!card(active + [wrong, "card.locked"]).isLegal)
  }

  @Test("A card that skips its proof, or comes back from a loss, has no legal life")
  func illegalCards() {
    #expect(!card(["card.reserved", "card.activated"]).isLegal)
    #expect(!card(["card.imported", "card.activated", "card.lost", "card.retired"]).isLegal)
    #expect(!card(["card.reserved", "transaction.verified"]).isLegal)
    #expect(card(["card.imported", "card.keyed", "card.activated", "card.retired"]).isLegal)
  }
}
