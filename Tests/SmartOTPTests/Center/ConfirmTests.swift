import Foundation
import Simulation
import SmartOTP
import Testing

extension SmartOTPTests {
  @Suite("Devices and confirmations")
  struct ConfirmTests {
    private static let card = TestCentre.ownCard

    @Test("Two taps of one card make a code that is accepted once")
    func accepted() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        let transaction = try await centre.post(Self.card)
        let outcome = try await field.confirm(card, as: centre.device())
        #expect(outcome.status == 0, "\(outcome)")
        let code = try #require(TestCentre.value("code", in: outcome.output))
        #expect(TestCentre.value("transaction", in: outcome.output) == transaction)
        expect(
          try await centre.run("transaction", "verify", transaction, code, as: centre.bank()),
          output: "accepted\n")
        let again = try await centre.run(
          "transaction", "verify", transaction, code, as: centre.bank())
        #expect(again.status == 65)
        #expect(try await field.start(["confirm"], environment: centre.device()).end().status == 75)
      }
    }

    @Test("Another card at the second tap confirms nothing, and the right one still may")
    func otherCard() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        let transaction = try await centre.post(Self.card)
        let other = Cards.card(Cards.smartOTP, locked: true)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        await field.swap(card, for: other, under: running, line: 2)
        try await running.says("this is another card")
        let state = try await centre.run(
          "transaction", "show", transaction, "--json", as: centre.bank())
        #expect(TestCentre.value("state", in: state.output) == "pending")
        await field.swap(other, for: card, under: running, line: 3)
        let outcome = await running.end()
        #expect(outcome.status == 0, "\(outcome)")
        let code = try #require(TestCentre.value("code", in: outcome.output))
        #expect(
          try await centre.run("transaction", "verify", transaction, code, as: centre.bank())
            .output == "accepted\n")
      }
    }

    @Test("A card that stays on the reader confirms nothing")
    func resting() async throws {
      try await TestCentre.withOwnCard { centre, field, _ in
        _ = try await centre.post(Self.card)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        let before = field.commands.count
        try await field.reaches { field.commands.count > before + 5 }
        running.interrupt()
        let outcome = await running.end()
        #expect(outcome.status == 130)
        #expect(!outcome.output.contains(#""code""#))
      }
    }

    @Test("A card that is not on this device is not let near a transaction")
    func foreignCard() async throws {
      try await TestCentre.withOwnCard { centre, _, _ in
        let field = try Field(Cards.card(Cards.smartOTP, locked: true))
        expect(
          try await field.start(["confirm"], environment: centre.device()).end(),
          failure: "this card is not on this device; add it with smartotp device add-card",
          status: 77)
      }
    }

    @Test("A card taken for another is not put on the device, and its key is not kept")
    func wrongCard() async throws {
      try await TestCentre.withOwnCard { centre, _, _ in
        let second = try Field(OATHCard.blank())
        #expect(try await centre.issue("87654321", on: second).status == 0)
        #expect(
          try await centre.run("device", "remove-card", Self.card, as: centre.device()).status == 0)
        let outcome = try await second.start(
          [
            "device", "add-card", Self.card, "--code",
            try await centre.code(.card, card: Self.card),
          ],
          environment: centre.device()
        ).end()
        expect(
          outcome,
          failure:
            "the card on the reader is not K01:12345678: it does not accept that card's access key; nothing was registered",
          status: 77)
        #expect(
          try await centre.run("device", "cards", as: centre.device()).output.isEmpty)
      }
    }

    @Test("A second card of the same issuer is refused, naming the one in the way")
    func issuerTaken() async throws {
      try await TestCentre.withOwnCard { centre, _, _ in
        let second = try Field(OATHCard.blank())
        #expect(try await centre.issue("87654321", on: second).status == 0)
        let outcome = try await second.start(
          [
            "device", "add-card", "K01:87654321", "--code",
            try await centre.code(.card, card: "K01:87654321"),
          ], environment: centre.device()
        ).end()
        #expect(outcome.status == 77)
        #expect(outcome.lastError.contains(Self.card))
      }
    }

    @Test("A lost card is forgotten by the device and confirms nothing")
    func lost() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        _ = try await centre.post(Self.card)
        _ = try await centre.store.reportLost(
          CardIdentity(Self.card), reason: "lost",
          as: .init(.institution(TestCentre.issuer), at: .testNow))
        let outcome = try await field.start(["confirm"], environment: centre.device()).end()
        #expect(outcome.status == 77)
        let cards = try await centre.run("device", "cards", as: centre.device())
        #expect(cards.output.isEmpty && cards.errors.contains("its key is forgotten"))
        #expect(
          try await field.start(["confirm"], environment: centre.device()).end().status == 78)
      }
    }

    @Test("A device that is not registered, or was revoked, says so and how to go on")
    func unregistered() async throws {
      try await TestCentre.withOwnCard { centre, field, _ in
        expect(
          try await field.start(["confirm"], environment: centre.device("nowhere")).end(),
          failure: "this device is not registered; register it with smartotp device register",
          status: 78)
        let status = try await centre.run("device", "status", "--json", as: centre.device())
        let id = try #require(TestCentre.value("device", in: status.output))
        _ = try await centre.store.revoke(
          DeviceID(id), reason: "lost", as: .init(.operator("test"), at: .testNow))
        #expect(
          try await centre.run("device", "status", as: centre.device()).status == 77)
      }
    }

    @Test("A cancelled transaction waits no longer")
    func cancel() async throws {
      try await TestCentre.withOwnCard { centre, field, _ in
        let transaction = try await centre.post(Self.card)
        let outcome = try await field.start(
          ["confirm", "--cancel"], environment: centre.device()
        ).end()
        expect(outcome, output: "\(transaction)  cancelled\n")
      }
    }

    @Test(
      "Any command renews a certificate in its last 30 days, and none before that",
      arguments: [(31, 1), (29, 3)] as [(Int64, Int)])
    func lastDays(days: Int64, certificates: Int) async throws {
      try await TestCentre.run(deviceCertificateDays: days) { centre in
        let registered = try await centre.run(
          "device", "register", "--code", try await centre.code(.device), as: centre.device())
        #expect(registered.status == 0, "\(registered)")
        var seen: Set<Data> = [try centre.deviceCertificate()]
        for command in ["status", "cards"] {
          let outcome = try await centre.run("device", command, as: centre.device())
          #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
          seen.insert(try centre.deviceCertificate())
        }
        #expect(seen.count == certificates)
      }
    }

    @Test("A renewed certificate is another one, for the same device")
    func renewal() async throws {
      try await TestCentre.withOwnCard { centre, _, _ in
        let before = try await centre.run("device", "status", "--json", as: centre.device())
        let renewed = try await centre.run("device", "renew", "--json", as: centre.device())
        #expect(renewed.status == 0, "\(renewed)")
        #expect(
          TestCentre.value("device", in: renewed.output)
            == TestCentre.value("device", in: before.output))
        #expect(try await centre.run("device", "status", as: centre.device()).status == 0)
      }
    }
  }
}
