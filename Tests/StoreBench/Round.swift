import Center
import CenterStore
import Cryptography
import Glibc
import OneTimePassword
import SmartOTP
import Synchronization

/// A store with so many cards, and the life of transactions measured in it.
struct Round: Sendable {
  private static let institution = InstitutionCode(accepted: "004")
  private static let now = UnixTime(1_795_500_000)
  private let store: SQLiteStore
  private let cards = GeneratedCards(
    issuer: institution, vendorCode: VendorCode(accepted: "K01"))
  private let cardCount: Int
  private let path: String

  init(cards count: Int, directory: String) async throws {
    path = "\(directory)/store-bench-\(count).sqlite"
    cardCount = count
    let isMade = access(path, F_OK) == 0
    // The database holds nothing that is secret, and a later run must be able to open it.
    let key = SecretBytes([UInt8](repeating: 1, count: KeyRing.keyByteCount))
    store = try SQLiteStore(path: path, keys: try KeyRing([(1, key)]))
    if isMade { return }
    _ = try await store.add(
      Institution(
        code: Self.institution, name: "Bank", vendorCode: VendorCode(accepted: "K01")),
      as: Caller(.operator("bench"), at: Self.now))
    try store.generate(cards, numbers: 0..<count, at: Self.now)
  }

  func remove() { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }

  var databaseMegabytes: Int {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_size / 1_048_576 : 0
  }

  /// Posts, claims and verifies transactions for cards all over the store.
  func measure(clients: Int, transactions: Int) async throws -> [Step] {
    var generator = SystemRandomNumberGenerator()
    let numbers = (0..<transactions).map { _ in
      Int.random(in: 0..<cardCount, using: &generator)
    }
    let ids = Mutex([TransactionID?](repeating: nil, count: transactions))
    let codes = Mutex([OneTimeCode?](repeating: nil, count: transactions))
    let post = try await Step.measure("post", clients, transactions) { index in
      let transaction = try await store.post(
        request(for: numbers[index]), by: Self.institution, as: bank)
      ids.withLock { $0[index] = transaction.id }
    }
    let posted = ids.withLock { $0 }
    let claim = try await Step.measure("claim", clients, transactions) { index in
      let device = try cards.device(numbers[index])
      guard let id = posted[index] else { return }
      let claimed = try await store.claim(
        id, card: cards.card(numbers[index]), by: device,
        as: Caller(.device(device), at: Self.now))
      let code = try code(for: claimed, number: numbers[index])
      codes.withLock { $0[index] = code }
    }
    let made = codes.withLock { $0 }
    let verify = try await Step.measure("verify", clients, transactions) { index in
      guard let id = posted[index], let code = made[index] else { return }
      let verification = try await store.verify(id, code: code, as: bank)
      guard verification.result == .accepted else { throw Refusal(.internalError) }
    }
    let read = try await Step.measure("read", clients, transactions) { index in
      guard let id = posted[index] else { return }
      _ = try await store.transaction(id, at: Self.now)
    }
    return [post, claim, verify, read]
  }

  private var bank: Caller { Caller(.institution(Self.institution), at: Self.now) }

  private func request(for number: Int) -> TransactionRequest {
    TransactionRequest(
      card: cards.card(number), kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "Hong Gildong"),
        TransactionField(label: "account", value: "110-222-333333"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ])
  }

  private func code(for transaction: Transaction, number: Int) throws -> OneTimeCode {
    let key = try cards.transactionKey(number)
    return try TransactionCode.code(for: transaction.challenge()) { _, message in
      try hmac(.sha256, key: key, message: message)
    }
  }
}
