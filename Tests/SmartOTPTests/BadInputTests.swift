import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("Bad input")
  struct BadInputTests {
    /// A card that is no use, and what is said about it.
    struct BadCard: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var cards: [any VirtualCard]
      var failure: String
      var status: Int32

      init(_ name: String, _ cards: any VirtualCard..., failure: String, status: Int32) {
        testDescription = name
        self.cards = cards
        self.failure = failure
        self.status = status
      }
    }

    private static let nonsense = "the card's answer makes no sense; tap again, or use another card"

    static let badCards = [
      BadCard(
        "no OATH application", ScriptedCard { _ in CardAnswer([0x6A, 0x82]) },
        failure: "this card has no OATH application; tap another card", status: 65),
      BadCard(
        "not even SELECT", ScriptedCard { _ in CardAnswer([0x6D, 0x00]) },
        failure: "the card refused the command; it may not support it "
          + "(SELECT: 6D00, instruction not supported)", status: 65),
      BadCard(
        "MIFARE Classic", MIFAREClassicCard(),
        failure: "this card takes no APDUs (not ISO 14443-4); use a card with OATH on it",
        status: 65),
      BadCard(
        "MIFARE Ultralight", MIFAREUltralightCard(),
        failure: "this card takes no APDUs (not ISO 14443-4); use a card with OATH on it",
        status: 65),
      BadCard(
        "two cards", Cards.people,
        Cards.card(activation: .typeA(.isoDEP(uid: [0x04, 1, 2, 3, 4, 5, 6]))),
        failure: "2 cards are on the reader: which one is meant is not clear; leave one and "
          + "try again", status: 75),
      BadCard(
        "one card of each type", Cards.people, Cards.card(activation: .typeB(TypeBActivation())),
        failure: "2 cards are on the reader: which one is meant is not clear; leave one and "
          + "try again", status: 75),
      BadCard(
        "locked card", Cards.card(Cards.smartOTP, locked: true),
        failure: "the card is locked with an access key; give its key or password", status: 77),
      BadCard(
        "broken TLV in SELECT", broken(0xA4, [0x79, 0x05, 0x01]),
        failure: "\(nonsense) (SELECT)", status: 65),
      BadCard(
        "nothing in SELECT", broken(0xA4, []), failure: "\(nonsense) (SELECT)", status: 65),
      BadCard(
        "broken TLV in LIST", broken(0xA1, [0x72, 0x82, 0xFF, 0xFF, 0x21]),
        failure: "\(nonsense) (LIST)", status: 65),
      BadCard(
        "code of one byte", broken(0xA2, [0x76, 0x01, 0x06]),
        failure: "\(nonsense) (CALCULATE)", status: 65),
      BadCard(
        "code of 200 digits", broken(0xA2, [0x76, 0x05, 0xC8, 0x01, 0x02, 0x03, 0x04]),
        failure: "\(nonsense) (CALCULATE)", status: 65),
    ]

    /// A card with one credential whose answer to one instruction is something else.
    private static func broken(_ instruction: UInt8, _ answer: [UInt8]) -> ScriptedCard {
      ScriptedCard { command in
        if command.count > 1, command[1] == instruction {
          return CardAnswer(answer + [0x90, 0x00])
        }
        return switch command.count > 1 ? command[1] : 0 {
        case 0xA4: CardAnswer([0x79, 3, 5, 7, 1, 0x71, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00])
        case 0xA1: CardAnswer([0x72, 0x02, 0x21, 0x61, 0x90, 0x00])
        default: CardAnswer([0x6D, 0x00])
        }
      }
    }

    @Test("A card that is no use is one line and a status", arguments: badCards)
    func card(bad: BadCard) async throws {
      let field = try Field(cards: bad.cards)
      expect(try await field.run("code"), failure: bad.failure, status: bad.status)
    }

    @Test("No card in time is status 75, and --wait says how long that is")
    func noCard() async throws {
      let field = try Field()
      for command in [["code"], ["card"], ["apdu", "00A40400"]] {
        expect(
          try await field.start(command + ["--wait", "0.2"]).end(),
          failure: "no card came in time; lay it on the reader and try again", status: 75)
      }
    }

    @Test("A card pulled during a command is status 75")
    func pulled() async throws {
      for fault in [CardFault.pullBefore(), .pullDuring()] {
        let field = try Field(Cards.people)
        field.hardware.arm(.card(apdu: 1, fault))
        expect(
          try await field.run("apdu", "00A4040007A0000005272101", "00A10000"),
          output: "79030507017108C1675E0BB980A5759000\n",
          errors: "smartotp: the card did not answer in time; lay it flat on the reader and "
            + "try again (chip status 01)\n", status: 75)
      }
    }

    @Test("A card that is pulled and comes back does not cost the code")
    func pulledAndBack() async throws {
      let field = try Field(Cards.people)
      field.hardware.arm(.card(apdu: 1, .pullDuring(returnsAfter: .milliseconds(300))))
      expect(try await field.run("code", "bob", "--at", "59"), output: "599872\n")
    }

    @Test("A card pulled for good in the middle of a code is status 75, and no code")
    func pulledForGood() async throws {
      let field = try Field(Cards.people)
      field.hardware.arm(.card(apdu: 2, .pullDuring()))
      expect(
        try await field.run("code", "bob", "--at", "59"),
        failure: "the card left the reader too early; hold it still until the code appears",
        status: 75)
    }

    @Test("A HOTP card pulled during its code says that it may have used one up")
    func pulledHOTP() async throws {
      let field = try Field(Cards.people)
      field.hardware.arm(.card(apdu: 2, .pullDuring()))
      expect(
        try await field.run("code", "Bank"),
        failure: "the card was lost while making a counter-based code; it may have used one up, "
          + "ask again (the card did not answer in time; lay it flat on the reader and try again)",
        status: 75)
    }
  }
}
