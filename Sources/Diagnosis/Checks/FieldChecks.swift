import PN53x
import SmartCard

extension Check {
  /// What is in the air and on the reader.
  static let field: [Check] = [
    Check("field-on", .field, "The field comes on", needs: chipAnswers) { facts in
      guard let control = facts.reader.fieldControl else { return unanswered(facts) }
      // Both antenna drivers, Tx1RFEn and Tx2RFEn (PN532/C1 data sheet, CIU_TxControl).
      guard control & 0x03 == 0x03 else {
        return .fail(
          .readerFailure, "CIU_TxControl is \(Bytes.text([control])) after switching the field on",
          cause: "the chip protects itself from an overloaded antenna, or is damaged",
          fix: .advice("take the reader off metal; if it stays, replace it"))
      }
      return .pass("CIU_TxControl is \(Bytes.text([control]))")
    },

    Check("card-data", .field, "The card's data make sense", needs: ["field-on"] + chipAnswers) {
      facts in
      if let problem = facts.reader.cards.malformed {
        return .fail(
          .badData, "a card is on the reader, but \(problem)",
          cause: "a broken or hostile card, or one at the edge of the field",
          fix: .advice("use another card"))
      }
      return card(facts) { .pass("UID \(Bytes.text($0.identifier))") }
    },

    Check("one-card", .field, "One card is on the reader", needs: ["card-data"]) { facts in
      let most = facts.reader.cards.looks.map(\.count).max() ?? 0
      guard most > 1 else { return card(facts) { _ in .pass("one card") } }
      return .fail(
        .tryAgain, "\(most) cards are on the reader",
        cause: "a second card in the same wallet, or a telephone nearby",
        fix: .advice("leave one card on the reader"))
    },

    Check("card-steady", .field, "The card stays found", needs: ["card-data", "one-card"]) {
      facts in
      let looks = facts.reader.cards.looks
      let found = looks.filter { !$0.isEmpty }.count
      guard found > 0, found < looks.count else {
        return card(facts) { _ in .pass("found \(found) of \(looks.count) times") }
      }
      return .warn(
        .readerFailure, "the card was found \(found) of \(looks.count) times",
        cause: "it lies at the edge of the field, or metal detunes the antenna",
        fix: .advice("lay the card flat on the middle of the reader; take the reader off metal"))
    },

    Check("card-kind", .field, "The card takes APDUs", needs: ["card-data", "one-card"]) { facts in
      card(facts) { card in
        guard card.isISODEP else {
          return .fail(
            .badData, "the card says it does not speak ISO 14443-4\(sakText(card))",
            cause: "a MIFARE Classic, an Ultralight or a similar tag",
            fix: .advice("use a card with an OATH application"))
        }
        return .pass("ISO 14443-4\(sakText(card))")
      }
    },

    Check(
      "card-application", .field, "The card has an OATH application",
      needs: ["card-data", "one-card", "card-kind"]
    ) { facts in
      card(facts) { card in
        guard card.isISODEP else { return .unseen("the card takes no APDUs") }
        guard let answer = facts.reader.cards.selection, answer.count >= 3 else {
          return .unseen("the card did not answer SELECT")
        }
        let word = StatusWord(
          sw1: answer[answer.count - 2], sw2: answer[answer.count - 1])
        guard word.isSuccess || answer[answer.count - 2] == 0x61 else {
          return .fail(
            .badData,
            "SELECT of A0000005272101 was answered \(Bytes.text(Array(answer.suffix(2))))",
            cause: "the application is not on this card, or is switched off for NFC",
            fix: .advice("use a card with an OATH application, or switch it on with its own tool"))
        }
        return .pass("SELECT was answered \(Bytes.text(Array(answer.suffix(2))))")
      }
    },
  ]

  /// What to say about the card, if there is one.
  private static func card(_ facts: Facts, _ judge: (PassiveTarget) -> Verdict) -> Verdict {
    guard facts.reader.information != nil else { return unopened }
    if facts.reader.cards.malformed != nil { return .unseen("the card's data make no sense") }
    guard !facts.reader.cards.looks.isEmpty else { return unanswered(facts) }
    guard let card = facts.reader.cards.present.first else {
      return .notApplicable("no card is on the reader; lay one on it and run this again")
    }
    return judge(card)
  }

  private static func sakText(_ card: PassiveTarget) -> String {
    if case .typeA(_, let sak, _, _) = card { " (SAK \(Bytes.text([sak])))" } else { "" }
  }
}
