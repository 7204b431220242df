import Center
import Foundation
import SmartOTP
import Testing

@Suite("The service, over the wire")
struct ServiceTests {
  @Test("A card is issued, put on a device, asked for a code, and its code is taken once")
  func wholeLife() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      let added = try await bank.add(card, to: device)
      #expect(added.issuerName == "Issuer")
      let posted = try await bank.post(card)
      #expect(posted.state == .pending)
      let open: Page<Transaction> = try await centre.with(device.identity) {
        try await $0.get(
          "/v1/device/cards/\(card.card.vendorCode)/\(card.card.serial)/transactions"
        )
        .json()
      }
      #expect(open.items.map(\.id) == [posted.id])
      let claimed = try await bank.claim(posted, card, on: device)
      try await centre.with(bank.issuer) { client in
        let path = "/v1/transactions/\(posted.id)/verification"
        let wrong: Verification = try await client.post(path, card.wrongCode(for: claimed)).json()
        #expect(wrong.result == .wrong && wrong.attemptsLeft == 4)
        let right: Verification = try await client.post(path, card.code(for: claimed)).json()
        #expect(right.result == .accepted && right.transaction == .verified)
        let again = try await client.post(path, card.code(for: claimed))
        #expect(again.code == .transactionState)
      }
    }
  }

  @Test("The access key that a device gets is the card's")
  func accessKey() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      let added = try await bank.add(card, to: device)
      let key = try device.open(added)
      #expect(key == card.accessKey)
      let listed: Page<DeviceCard> = try await centre.with(device.identity) {
        try await $0.get("/v1/device/cards").json()
      }
      #expect(listed.items.first?.card == card.card && listed.items.first?.accessKey == nil)
    }
  }

  @Test("The language of the application form comes to the device with the card, changed or not")
  func language() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard(language: .korean)
      let device = try await bank.registerDevice()
      #expect(try await bank.add(card, to: device).language == .korean)
      let issued: Card = try await centre.with(bank.issuer) { try await $0.get(card.path).json() }
      #expect(issued.language == .korean)
      let changed = try await centre.store.setLanguage(
        of: card.card, to: .hindi, as: Caller(.operator("test"), at: .now))
      #expect(changed.language == .hindi)
      let listed: Page<DeviceCard> = try await centre.with(device.identity) {
        try await $0.get("/v1/device/cards").json()
      }
      #expect(listed.items.map(\.language) == [.hindi])
    }
  }

  @Test("A form in a language that no appliance speaks is refused, and the key named")
  func unknownLanguage() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      try await centre.with(bank.issuer) { client in
        var form = try #require(
          try JSONSerialization.jsonObject(with: JSONEncoder().encode(TestBank.form()))
            as? [String: Any])
        form["language"] = "tlh"
        let refused = try await client.send(
          .POST, "/v1/applications", body: [UInt8](JSONSerialization.data(withJSONObject: form)))
        #expect(refused.code == .invalidValue)
        #expect(String(decoding: refused.body, as: UTF8.self).contains("language"))
      }
    }
  }

  @Test("A claim is answered with the institution's name beside the transaction")
  func institutionName() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      _ = try await bank.add(card, to: device)
      let claimed = try await bank.claim(try await bank.post(card), card, on: device)
      #expect(claimed.institutionName == "Issuer")
    }
  }

  @Test("A card is registered with another institution at its counter, which then asks for codes")
  func inPerson() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      try await centre.with(bank.other) { client in
        #expect(try await client.post("/v1/transactions", card.transfer()).code == .notRegistered)
        let request = InPersonRegistrationRequest(
          card: card.card, identityDocument: try #require(TestBank.document))
        let begun: InPersonRegistration = try await client.post("/v1/registrations", request).json()
        let done: Registration = try await client.post(
          "/v1/registrations/\(begun.registration.id)/proof", card.proof(of: begun.challenge)
        ).json()
        #expect(done.state == .registered)
        #expect(try await client.post("/v1/transactions", card.transfer()).status == 201)
        let own: Page<Registration> = try await client.get("\(card.path)/registrations").json()
        #expect(own.items == [done])
        let ended: Registration = try await client.post(
          "/v1/registrations/\(done.id)/withdrawal"
        ).json()
        #expect(ended.state == .withdrawn)
      }
    }
  }

  @Test("What belongs to one institution is refused to another")
  func ownership() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      let transaction = try await bank.post(card)
      let withdrawal = CardWithdrawal(reason: "no reason")
      try await centre.with(bank.other) { client in
        for path in [
          card.path, "\(card.path)/registrations", "/v1/transactions/\(transaction.id)",
          "/v1/devices/\(device.device.id)",
        ] {
          #expect(try await client.get(path).code == .notYours, "\(path)")
        }
        #expect(try await client.post("\(card.path)/keys-written").code == .notYours)
        for step in ["abandonment", "loss", "retirement"] {
          #expect(try await client.post("\(card.path)/\(step)", withdrawal).code == .notYours)
        }
        let verification = try await client.post(
          "/v1/transactions/\(transaction.id)/verification", CodeSubmission(code: "000000"))
        #expect(verification.code == .notYours)
        #expect(
          try await client.post("/v1/transactions/\(transaction.id)/cancellation").code == .notYours
        )
        #expect(
          try await client.post("/v1/devices/\(device.device.id)/revocation", withdrawal).code
            == .notYours)
      }
    }
  }

  @Test("A device renews its certificate, and both are good until the old one ends")
  func renewal() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let device = try await bank.registerDevice()
      let (request, key) = try TestDevice.certificateRequest()
      let issued: IssuedDeviceCertificate = try await centre.with(device.identity) {
        try await $0.post(
          "/v1/device/renewal", CertificateRenewalRequest(certificateRequest: request)
        ).json()
      }
      let renewed = try TestDevice(issued, key: key)
      for identity in [device.identity, renewed.identity] {
        let own: Device = try await centre.with(identity) { try await $0.get("/v1/device").json() }
        #expect(own.id == device.device.id)
      }
    }
  }

  @Test("The revocation list names revoked certificates and is signed by the authority")
  func revocationList() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      try await centre.store.revokeCertificate(
        serial: bank.other.certificate.serial, as: Caller(.operator("test"), at: .now))
      let reply = try await centre.with(nil) { try await $0.get("/v1/crl") }
      try TestRevocationList(reply.body).expect(
        revoked: bank.other.certificate, good: bank.issuer.certificate,
        by: centre.authority.authority.certificate)
    }
  }
}
