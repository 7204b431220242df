import Center
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Registration with further institutions")
struct RegistrationTests {
  private func begin(
    _ centre: TestCentre, _ card: TestCard, document: IdentityDocument = TestCentre.document
  ) async throws -> (Registration, ProofChallenge) {
    let (registration, challenge, keys) = try await centre.store.beginRegistration(
      of: card.identity, with: TestCentre.otherBank, document: document, as: .otherBank())
    #expect(keys.accessKey == card.keys.accessKey)
    return (registration, challenge)
  }

  @Test("In person: document, tap, registered; a repeat before the proof draws a new challenge")
  func inPerson() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let (first, oldChallenge) = try await begin(centre, card)
    let (second, challenge) = try await begin(centre, card)
    #expect(first.id == second.id)
    #expect(oldChallenge != challenge)
    await expectRefusal(.notRegistered) {
      try await centre.store.post(
        .transfer(card.identity), by: TestCentre.otherBank, as: .otherBank())
    }
    let registered = try await centre.store.completeRegistration(
      second.id, response: try card.response(to: challenge), as: .otherBank())
    #expect(registered.state == .registered)
    _ = try await centre.store.post(
      .transfer(card.identity), by: TestCentre.otherBank, as: .otherBank())
    await expectRefusal(.alreadyRegistered) { try await begin(centre, card) }
    try await centre.expectSound()
  }

  @Test("Another document, or another card's proof, does not register")
  func wrongPerson() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let document = try IdentityDocument(kind: .passport, number: "Z7654321")
    let otherCard = try await centre.activeCard(document: document)
    await expectRefusal(.documentMismatch) { try await begin(centre, card, document: document) }
    let (registration, challenge) = try await begin(centre, card)
    await expectRefusal(.proofWrong) {
      try await centre.store.completeRegistration(
        registration.id, response: otherCard.response(to: challenge), as: .otherBank())
    }
    await expectRefusal(.proofNotExpected) {
      try await centre.store.completeRegistration(
        registration.id, response: card.response(to: challenge), as: .otherBank())
    }
    try await centre.expectSound()
  }

  private func request(_ card: TestCard, nonce: String) -> OnlineRegistrationRequest {
    OnlineRegistrationRequest(
      card: card.identity, institution: TestCentre.otherBank, nonce: nonce,
      time: TestCentre.start)
  }

  private static let nonce = String(repeating: "ab", count: 16)
  private static let signer = Signer(name: "Kim Minji", document: TestCentre.document)

  @Test("Online: the cardholder's signed request registers, once")
  func online() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let registered = try await centre.store.registerOnline(
      request(card, nonce: Self.nonce), signer: Self.signer, as: .otherBank())
    #expect(registered.channel == .online)
    #expect(registered.state == .registered)
    for nonce in [Self.nonce, Self.nonce.uppercased()] {
      await expectRefusal(.requestReplayed) {
        try await centre.store.registerOnline(
          request(card, nonce: nonce), signer: Self.signer, as: .otherBank())
      }
    }
    let newNonce = String(repeating: "cd", count: 16)
    await expectRefusal(.alreadyRegistered) {
      try await centre.store.registerOnline(
        request(card, nonce: newNonce), signer: Self.signer, as: .otherBank())
    }
    try await centre.expectSound()
  }

  @Test("A signer who is not the cardholder by name and document does not register")
  func signers() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let document = try IdentityDocument(kind: .passport, number: "Z7654321")
    for signer in [
      Signer(name: "Lee Jiho", document: TestCentre.document),
      Signer(name: "Kim Minji", document: document), Signer(name: "Kim Minji", document: nil),
    ] {
      await expectRefusal(.signerNotCardholder) {
        try await centre.store.registerOnline(
          request(card, nonce: Self.nonce), signer: signer, as: .otherBank())
      }
    }
    await expectRefusal(.requestForAnother) {
      try await centre.store.registerOnline(
        request(card, nonce: Self.nonce), signer: Self.signer, as: .bank())
    }
    let late = Caller(.institution(TestCentre.otherBank), at: TestCentre.start + 301)
    await expectRefusal(.requestStale) {
      try await centre.store.registerOnline(
        request(card, nonce: Self.nonce), signer: Self.signer, as: late)
    }
    // None of them has used the nonce up.
    _ = try await centre.store.registerOnline(
      request(card, nonce: Self.nonce), signer: Self.signer, as: .otherBank())
  }

  @Test("A withdrawn registration ends what the institution had posted; the issuer's own stays")
  func withdrawal() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, _) = try await centre.cardOnDevice()
    let registration = try await centre.store.registerOnline(
      request(card, nonce: Self.nonce), signer: Self.signer, as: .otherBank())
    let own = try await centre.post(for: card)
    let theirs = try await centre.store.post(
      .transfer(card.identity), by: TestCentre.otherBank, as: .otherBank())
    #expect(
      try await centre.store.withdraw(registration.id, as: .otherBank()).state == .withdrawn)
    let now = TestCentre.start
    #expect(try await centre.store.transaction(theirs.id, at: now).state == .cancelled)
    #expect(try await centre.store.transaction(own.id, at: now).state == .pending)
    let all = try await centre.store.registrations(of: card.identity, PageRequest())
    let issue = try #require(all.items.first { $0.channel == .issue })
    await expectRefusal(.cardState) { try await centre.store.withdraw(issue.id, as: .bank()) }
    try await centre.expectSound()
  }
}
