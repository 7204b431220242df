import Center
import Cryptography
import Foundation
import OneTimePassword
import SmartOTP
import Testing

@testable import CenterStore

/// A centre's store in a directory of its own, with names for what tests need again and again.
final class TestCentre: Sendable {
  let directory: String
  let store: SQLiteStore
  let ring: KeyRing

  static let start = UnixTime(1_795_500_000)
  static let bank = InstitutionCode(accepted: "004")
  static let otherBank = InstitutionCode(accepted: "020")
  static let document = try! IdentityDocument(kind: .passport, number: "M12345678")

  var path: String { directory + "/center.sqlite" }

  init() throws {
    directory = NSTemporaryDirectory() + "center-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    ring = try KeyRing([(1, SecretBytes([UInt8](repeating: 7, count: 32)))])
    store = try SQLiteStore(path: directory + "/center.sqlite", keys: ring)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// Another store on the same file, as another process has one.
  func secondStore() throws -> SQLiteStore { try SQLiteStore(path: path, keys: ring) }

  /// A centre with two banks, of which the first issues cards of vendor `K01`.
  static func withBanks() async throws -> TestCentre {
    let centre = try TestCentre()
    try await centre.addBanks()
    return centre
  }

  func addBanks() async throws {
    let issuer = Institution(
      code: Self.bank, name: "First Bank", vendorCode: VendorCode(accepted: "K01"))
    _ = try await store.add(issuer, as: .office)
    _ = try await store.add(Institution(code: Self.otherBank, name: "Other Bank"), as: .office)
  }

  func apply(
    name: String = "Kim Minji", document: IdentityDocument = document,
    replaces: CardIdentity? = nil
  ) async throws -> CardApplication {
    let form = ApplicationForm(
      customerName: name, customerKind: .personal, identityDocument: document,
      contact: "010-0000-0000", hasNFCDevice: true, replaces: replaces)
    return try await store.apply(form, at: Self.bank, as: .bank())
  }

  /// An active card, and its keys as the card has them.
  func activeCard(
    document: IdentityDocument = document, serial: Serial? = nil
  ) async throws -> TestCard {
    let application = try await apply(document: document)
    let (card, keys) = try await store.reserveCard(
      for: application.id, serial: serial, as: .bank())
    let testCard = TestCard(identity: card.card, keys: keys)
    let challenge = try await store.keysWritten(card.card, as: .bank())
    _ = try await store.prove(
      card.card, response: try testCard.response(to: challenge), as: .bank())
    return testCard
  }

  func registerDevice(fingerprint: UInt8 = 1) async throws -> DeviceID {
    let code = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .device), as: .bank())
    let device = try NewDevice.testDevice(fingerprint: fingerprint)
    _ = try await store.register(device, code: code.code, as: Caller(.anonymous, at: Self.start))
    return device.id
  }

  func put(_ card: TestCard, on device: DeviceID) async throws {
    let code = try await store.issueRegistrationCode(
      RegistrationCodeRequest(purpose: .card, card: card.identity), as: .bank())
    _ = try await store.addCard(
      card.identity, to: device, code: code.code, as: Caller(.device(device), at: Self.start))
  }

  func post(
    for card: TestCard, at time: UnixTime = start
  ) async throws -> Transaction {
    try await store.post(.transfer(card.identity), by: Self.bank, as: .bank(at: time))
  }

  func claim(
    _ transaction: Transaction, on device: DeviceID, at time: UnixTime = start
  ) async throws -> Transaction {
    try await store.claim(
      transaction.id, card: transaction.card, by: device,
      as: Caller(.device(device), at: time))
  }

  /// An active card on a device: what every transaction needs.
  func cardOnDevice() async throws -> (TestCard, DeviceID) {
    let card = try await activeCard()
    let device = try await registerDevice()
    try await put(card, on: device)
    return (card, device)
  }

  func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let violations = try await store.verify()
    #expect(violations.isEmpty, sourceLocation: sourceLocation)
  }
}

/// What a real card does with its key.
struct TestCard: Sendable {
  let identity: CardIdentity
  let keys: CardKeys

  func response(to challenge: ProofChallenge) throws -> [UInt8] {
    let bytes = try #require([UInt8](hexadecimal: challenge.challenge))
    return try hmac(.sha256, key: keys.transactionKey, message: bytes)
  }

  func code(for transaction: Transaction) throws -> OneTimeCode {
    try TransactionCode.code(for: transaction.challenge()) { _, message in
      try hmac(.sha256, key: keys.transactionKey, message: message)
    }
  }

  /// A code that is not the right one.
  func wrongCode(for transaction: Transaction) throws -> OneTimeCode {
    var digits = try code(for: transaction).asciiDigits
    digits[5] = digits[5] == 0x39 ? 0x30 : digits[5] + 1
    return try #require(OneTimeCode(asciiDigits: digits))
  }
}

extension NewDevice {
  static func testDevice(fingerprint: UInt8) throws -> NewDevice {
    let id = try DeviceID.random()
    return NewDevice(
      id: id, name: "branch reader", fingerprint: [UInt8](repeating: fingerprint, count: 32),
      certificate: CertificateRecord(
        serial: try randomBytes(count: 16), subject: id.text, role: .device,
        expiresAt: TestCentre.start + 63_072_000))
  }
}

extension Caller {
  static var office: Caller { Caller(.operator("office"), at: TestCentre.start) }
  static func bank(at time: UnixTime = TestCentre.start) -> Caller {
    Caller(.institution(TestCentre.bank), at: time)
  }
  static func otherBank(at time: UnixTime = TestCentre.start) -> Caller {
    Caller(.institution(TestCentre.otherBank), at: time)
  }
}

extension TransactionRequest {
  static func transfer(_ card: CardIdentity) -> TransactionRequest {
    TransactionRequest(
      card: card, kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ])
  }
}

/// Expects a refusal of one code and gives it back.
@discardableResult
func expectRefusal<Value>(
  _ code: RefusalCode, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async -> Refusal? {
  do {
    _ = try await body()
    Issue.record("expected \(code), and it was done", sourceLocation: sourceLocation)
  } catch let refusal as Refusal {
    #expect(refusal.code == code, sourceLocation: sourceLocation)
    return refusal
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
