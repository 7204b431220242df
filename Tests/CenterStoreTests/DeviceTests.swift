import Center
import Cryptography
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Devices in the store")
struct DeviceTests {
  @Test("A registration code serves once, within ten minutes, for its purpose")
  func codes() async throws {
    let centre = try await TestCentre.withBanks()
    let issued = try await centre.store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .device), as: .bank())
    await expectRefusal(.registrationCodeInvalid) {
      try await centre.store.register(
        .testDevice(fingerprint: 1), code: issued.code,
        as: Caller(.anonymous, at: TestCentre.start + 600))
    }
    let device = try await centre.store.register(
      .testDevice(fingerprint: 1), code: issued.code,
      as: Caller(.anonymous, at: TestCentre.start + 599))
    #expect(device.institution == TestCentre.bank)
    await expectRefusal(.registrationCodeInvalid) {
      try await centre.store.register(
        .testDevice(fingerprint: 2), code: issued.code,
        as: Caller(.anonymous, at: TestCentre.start))
    }
    await expectRefusal(.registrationCodeInvalid) {
      try await centre.store.register(
        .testDevice(fingerprint: 2), code: .random(),
        as: Caller(.anonymous, at: TestCentre.start))
    }
    try await centre.expectSound()
  }

  @Test("An operator's code for a device names whose it is")
  func operatorCodes() async throws {
    let centre = try await TestCentre.withBanks()
    await expectRefusal(.invalidValue) {
      try await centre.store.issueRegistrationCode(
        RegistrationCodeRequest(purpose: .device), as: .office)
    }
    let issued = try await centre.store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .device, institution: TestCentre.otherBank), as: .office)
    let device = try await centre.store.register(
      .testDevice(fingerprint: 1), code: issued.code,
      as: Caller(.anonymous, at: TestCentre.start))
    #expect(device.institution == TestCentre.otherBank)
  }

  @Test("The same hardware registered again takes the old device's place and certificates")
  func replacement() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, old) = try await centre.cardOnDevice()
    let posted = try await centre.post(for: card)
    let new = try await centre.registerDevice(fingerprint: 1)
    #expect(new != old)
    #expect(try await centre.store.device(old).state == .replaced)
    await expectRefusal(.deviceRevoked) { try await centre.claim(posted, on: old) }
    await expectRefusal(.deviceRevoked) { try await centre.store.cards(on: old) }
    #expect(try await centre.store.cards(on: new).isEmpty)
    let revoked = try await centre.store.revokedCertificates(at: TestCentre.start)
    #expect(revoked.map(\.subject) == [old.text])
    try await centre.expectSound()
  }

  @Test("A device has one card of an issuer; a second is refused, naming the first")
  func oneCardPerIssuer() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let other = try await centre.activeCard(
      document: try IdentityDocument(kind: .passport, number: "Z7654321"))
    let refusal = await expectRefusal(.issuerTaken) { try await centre.put(other, on: device) }
    #expect(refusal?.detail.contains(card.identity.description) == true)
    try await centre.put(card, on: device)
    #expect(try await centre.store.cards(on: device).map(\.card) == [card.identity])
    try await centre.store.removeCard(
      card.identity, from: device, as: Caller(.device(device), at: TestCentre.start))
    try await centre.put(other, on: device)
    let second = try await centre.registerDevice(fingerprint: 2)
    try await centre.put(other, on: second)
    try await centre.expectSound()
  }

  @Test("A card's code puts that card on a device, and no other")
  func cardCodes() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let other = try await centre.activeCard(
      document: try IdentityDocument(kind: .passport, number: "Z7654321"))
    let device = try await centre.registerDevice()
    let code = try await centre.store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .card, card: card.identity), as: .bank()
    ).code
    let asDevice = Caller(.device(device), at: TestCentre.start)
    await expectRefusal(.registrationCodeInvalid) {
      try await centre.store.addCard(other.identity, to: device, code: code, as: asDevice)
    }
    let (added, keys) = try await centre.store.addCard(
      card.identity, to: device, code: code, as: asDevice)
    #expect(added.issuerName == "First Bank")
    #expect(keys.accessKey == card.keys.accessKey)
    await expectRefusal(.notRegistered) {
      try await centre.store.issueRegistrationCode(
        RegistrationCodeRequest(purpose: .card, card: card.identity), as: .otherBank())
    }
  }

  @Test("A revoked device is gone with its certificates and cards")
  func revocation() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    await expectRefusal(.notYours) {
      try await centre.store.revoke(device, reason: "lost", as: .otherBank())
    }
    let revoked = try await centre.store.revoke(device, reason: "lost", as: .bank())
    #expect(revoked.state == .revoked)
    let posted = try await centre.post(for: card)
    await expectRefusal(.deviceRevoked) { try await centre.claim(posted, on: device) }
    await expectRefusal(.deviceRevoked) { try await centre.put(card, on: device) }
    try await centre.expectSound()
  }

  @Test("A renewal records the new certificate beside the old one")
  func renewal() async throws {
    let centre = try await TestCentre.withBanks()
    let device = try await centre.registerDevice()
    let certificate = CertificateRecord(
      serial: [1, 2, 3], subject: device.text, role: .device,
      expiresAt: TestCentre.start + 99_000_000)
    let renewed = try await centre.store.renew(
      device, certificate: certificate, as: Caller(.device(device), at: TestCentre.start))
    #expect(renewed.certificateExpiresAt == certificate.expiresAt)
    #expect(try await centre.store.certificate(serial: [1, 2, 3]) == certificate)
    #expect(try await centre.store.certificate(serial: [9]) == nil)
    try await centre.store.revokeCertificate(serial: [1, 2, 3], as: .office)
    let record = try await centre.store.certificate(serial: [1, 2, 3])
    #expect(record?.revokedAt == TestCentre.start)
  }

  @Test("Events come in order to the devices that have the card, and resume after any of them")
  func events() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let second = try await centre.registerDevice(fingerprint: 2)
    try await centre.put(card, on: second)
    let bystander = try await centre.registerDevice(fingerprint: 3)
    let posted = try await centre.post(for: card)
    _ = try await centre.claim(posted, on: device)

    let own = try await centre.store.events(for: device, after: 0, limit: 10)
    #expect(own.map(\.kind) == [.transactionPending])
    let others = try await centre.store.events(for: second, after: 0, limit: 10)
    #expect(others.map(\.kind) == [.transactionPending, .transactionClosed])
    #expect(others.allSatisfy { $0.transaction == posted.id && $0.card == card.identity })
    let resumed = try await centre.store.events(for: second, after: others[0].id, limit: 10)
    #expect(resumed.map(\.kind) == [.transactionClosed])
    #expect(try await centre.store.events(for: bystander, after: 0, limit: 10).isEmpty)
    #expect(try await centre.store.lastEventID() == others[1].id)

    try await centre.store.sweep(at: TestCentre.start + 86_401)
    // The day-old ones are gone; that the transaction ran out is news.
    let kept = try await centre.store.events(for: second, after: 0, limit: 10)
    #expect(kept.map(\.kind) == [.transactionClosed])
    #expect(kept.allSatisfy { $0.id > others[1].id })
    let afterSweep = try await centre.post(for: card, at: TestCentre.start + 86_401)
    #expect(afterSweep.state == .pending)
    #expect(try await centre.store.lastEventID() > others[1].id)
  }
}
