import Center
import SmartOTP
import Testing

@Suite("Cards and institutions that may not be used")
struct StandingTests {
  @Test(
    "Ten wrong codes lock a card everywhere, until its issuer unlocks it with the cardholder there")
  func lock() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      let document = try #require(TestBank.document)
      var last: Verification?
      for _ in 0..<2 {
        let claimed = try await bank.claim(bank.post(card), card, on: device)
        last = try await centre.with(bank.issuer) { client in
          var last: Verification?
          for _ in 0..<Transaction.attemptLimit {
            last = try await client.post(
              "/v1/transactions/\(claimed.id)/verification", card.wrongCode(for: claimed)
            ).json()
          }
          return last
        }
        #expect(last?.transaction == .rejected)
      }
      #expect(last?.cardLocked == true)
      try await centre.with(bank.issuer) { client in
        let posting = try await client.post("/v1/transactions", card.transfer())
        #expect(posting.status == 423 && posting.code == .cardLocked)
        let stranger = try IdentityDocument(kind: .passport, number: "M00000000")
        let unlock = "\(card.path)/unlock"
        #expect(
          try await client.post(unlock, InPersonRequest(identityDocument: stranger)).code
            == .documentMismatch)
        let unlocked: Card = try await client.post(
          unlock, InPersonRequest(identityDocument: document)
        ).json()
        #expect(unlocked.wrongCodes == 0)
        #expect(try await client.post("/v1/transactions", card.transfer()).status == 201)
        #expect(
          try await client.post(unlock, InPersonRequest(identityDocument: document)).code
            == .cardNotLocked)
      }
    }
  }

  @Test("A lost card stops at once: at its institutions, on its devices, in open transactions")
  func loss() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      let open = try await bank.post(card)
      try await centre.with(bank.issuer) { client in
        let lost: Card = try await client.post("\(card.path)/loss", CardWithdrawal(reason: "lost"))
          .json()
        #expect(lost.state == .lost)
        #expect(try await client.post("/v1/transactions", card.transfer()).status / 100 == 4)
        let cancelled: Transaction = try await client.get("/v1/transactions/\(open.id)").json()
        #expect(cancelled.state == .cancelled)
      }
      try await centre.with(device.identity) { client in
        let cards: Page<DeviceCard> = try await client.get("/v1/device/cards").json()
        #expect(cards.items.isEmpty)
        let claim = try await client.post(
          "/v1/transactions/\(open.id)/claim", ClaimRequest(card: card.card))
        #expect(claim.status / 100 == 4)
      }
    }
  }

  @Test("A suspended institution cannot act, and can again afterwards")
  func suspension() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let operators = try await centre.identity("op", .operator)
      for (isSuspended, status) in [(true, 403), (false, 201)] {
        var institution = Institution(
          code: try InstitutionCode("004"), name: "Issuer", vendorCode: try VendorCode("K01"))
        institution.isSuspended = isSuspended
        let change = institution
        try await centre.with(operators) { client in
          let reply = try await client.put("/v1/institutions/004", change)
          #expect(reply.status == 200)
        }
        try await centre.with(bank.issuer) { client in
          let reply = try await client.post("/v1/transactions", card.transfer())
          #expect(reply.status == status)
        }
      }
    }
  }
}
