import Center
import Cryptography
import Foundation
import OneTimePassword
import SmartOTP
import Testing

/// What the tests have at their centre: two institutions, and cards that can make codes.
struct TestBank: Sendable {
  let centre: TestCentre
  let issuer: ClientIdentity
  let other: ClientIdentity

  static let document = try? IdentityDocument(kind: .passport, number: "M12345678")

  init(_ centre: TestCentre) async throws {
    self.centre = centre
    let caller = Caller(.operator("test"), at: .now)
    _ = try await centre.store.add(
      Institution(code: InstitutionCode("004"), name: "Issuer", vendorCode: VendorCode("K01")),
      as: caller)
    _ = try await centre.store.add(
      Institution(code: InstitutionCode("088"), name: "Other"), as: caller)
    issuer = try await centre.identity("004", .institution)
    other = try await centre.identity("088", .institution)
  }

  static func form(_ name: String = "Kim Min-ji", language: Language? = nil) throws
    -> ApplicationForm
  {
    ApplicationForm(
      customerName: name, customerKind: .personal, identityDocument: try #require(document),
      contact: "010-0000-0000", hasNFCDevice: true, language: language)
  }

  /// Issues a card through the API, as a counter does, the card being a key in memory.
  func issueCard(language: Language? = nil) async throws -> TestCard {
    try await centre.with(issuer) { client in
      let application: CardApplication = try await client.post(
        "/v1/applications", Self.form(language: language)
      ).json()
      let reservation: CardReservation = try await client.post(
        "/v1/applications/\(application.id)/card", CardReservationRequest()
      ).json()
      let card = try TestCard(reservation, holder: "004", key: issuer.key)
      let begun = try await client.post(
        "\(card.path)/keys-begun", KeysBegun(applicationID: "0011223344556677"))
      try #require(begun.status == 200)
      let challenge: ProofChallenge = try await client.post("\(card.path)/keys-written").json()
      let proof = try await client.post("\(card.path)/proof", card.proof(of: challenge.challenge))
      try #require(proof.status == 200)
      return card
    }
  }

  /// A device with its certificate, registered by code.
  func registerDevice() async throws -> TestDevice {
    let code: IssuedRegistrationCode = try await centre.with(issuer) {
      try await $0.post("/v1/registration-codes", RegistrationCodeRequest(purpose: .device)).json()
    }
    let (request, key) = try TestDevice.certificateRequest()
    let issued: IssuedDeviceCertificate = try await centre.with(nil) {
      try await $0.post(
        "/v1/devices", TestDevice.request(code.code, certificateRequest: request)
      ).json()
    }
    return try TestDevice(issued, key: key)
  }

  /// Puts the card on the device.
  func add(_ card: TestCard, to device: TestDevice) async throws -> DeviceCard {
    let code: IssuedRegistrationCode = try await centre.with(issuer) {
      try await $0.post(
        "/v1/registration-codes", RegistrationCodeRequest(purpose: .card, card: card.card)
      ).json()
    }
    return try await centre.with(device.identity) {
      try await $0.post("/v1/device/cards", DeviceCardRequest(code: code.code, card: card.card))
        .json()
    }
  }

  func post(_ card: TestCard) async throws -> Transaction {
    try await centre.with(issuer) { try await $0.post("/v1/transactions", card.transfer()).json() }
  }

  func claim(_ transaction: Transaction, _ card: TestCard, on device: TestDevice) async throws
    -> Transaction
  {
    try await centre.with(device.identity) {
      try await $0.post(
        "/v1/transactions/\(transaction.id)/claim", ClaimRequest(card: card.card)
      ).json()
    }
  }
}
