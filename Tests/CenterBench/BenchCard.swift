import Center
import CenterStore
import Cryptography
import NIOCore
import OneTimePassword
import SmartOTP

/// A card's key in memory, and the device that the card is on.
struct BenchCard: Sendable {
  let card: CardIdentity
  let key: SecretBytes
  let deviceID: DeviceID
  let device: BenchClient

  /// Issues it and puts it on a new device.
  init(
    _ number: Int, at institution: InstitutionCode, in store: SQLiteStore,
    _ authority: BenchAuthority
  ) async throws {
    let bank = Caller(.institution(institution), at: .now)
    let form = ApplicationForm(
      customerName: "Customer \(number)", customerKind: .personal,
      identityDocument: try IdentityDocument(kind: .passport, number: "M\(10_000_000 + number)"),
      contact: "010", hasNFCDevice: true)
    let application = try await store.apply(form, at: institution, as: bank)
    let (card, keys) = try await store.reserveCard(for: application.id, serial: nil, as: bank)
    let challenge = try await store.keysWritten(card.card, as: bank)
    let proof = try hmac(
      .sha256, key: keys.transactionKey, message: [UInt8](hexadecimal: challenge.challenge) ?? [])
    _ = try await store.prove(card.card, response: proof, as: bank)
    self.card = card.card
    key = keys.transactionKey

    let deviceID = try DeviceID.random()
    device = try authority.client(deviceID.text, .device)
    let deviceCode = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .device), as: bank)
    _ = try await store.register(
      NewDevice(
        id: deviceID, name: "Device \(number)", fingerprint: try randomBytes(count: 32),
        certificate: device.record),
      code: deviceCode.code, as: Caller(.anonymous, at: .now))
    let cardCode = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .card, card: card.card), as: bank)
    _ = try await store.addCard(
      card.card, to: deviceID, code: cardCode.code, as: Caller(.device(deviceID), at: .now))
    self.deviceID = deviceID
  }

  func transfer(_ number: Int) -> TransactionRequest {
    TransactionRequest(
      card: card, kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "amount", value: "KRW \(number)"),
      ])
  }

  /// The whole request with the code that the card makes.
  func verification(of claimed: Transaction) throws -> ByteBuffer {
    let mac = try hmac(.sha256, key: key, message: claimed.challenge().bytes)
    guard let response = TruncatedResponse(truncating: mac) else { throw BenchError.preparation }
    let body = "{\"code\":\"\(TransactionCode.code(from: response).digitsText)\"}"
    return ByteBuffer(
      string: """
        POST /v1/transactions/\(claimed.id)/verification HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: \(body.utf8.count)\r
        \r
        \(body)
        """)
  }
}
