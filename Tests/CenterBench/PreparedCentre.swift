import Center
import CenterStore
import Cryptography
import Foundation
import NIOCore
import OneTimePassword
import SmartOTP

/// A centre with an institution, cards on devices, and transactions that wait for their codes.
final class PreparedCentre: Sendable {
  let directory: String
  let store: SQLiteStore
  let institution: InstitutionCode
  let bank: BenchClient
  let cards: [BenchCard]

  /// Makes it by `smartotp-center init` and the store, in a directory of its own if none is given.
  init(cards count: Int, server program: String, directory given: String? = nil) async throws {
    let directory = given ?? NSTemporaryDirectory() + "center-bench-\(UUID().uuidString)"
    try ServerProcess.initialize(program: program, data: directory)
    let store = try SQLiteStore(
      path: directory + "/center.sqlite", keys: KeyRing(contentsOf: directory + "/kek"))
    let institution = try InstitutionCode("004")
    let authority = try BenchAuthority(directory: directory)
    let operators = Caller(.operator("bench"), at: .now)
    _ = try await store.add(
      Institution(code: institution, name: "Bench", vendorCode: VendorCode("K01")), as: operators)
    bank = try authority.client(institution.text, .institution)
    try await store.record(bank.record, as: operators)
    cards = try await inParallel(count) { number in
      try await BenchCard(number, at: institution, in: store, authority)
    }
    self.directory = directory
    self.store = store
    self.institution = institution
  }

  func remove() { try? FileManager.default.removeItem(atPath: directory) }

  /// Claims so many new transactions and makes their codes: each request verifies one.
  func verifications(_ count: Int) async throws -> [ByteBuffer] {
    let (store, cards, institution) = (store, cards, institution)
    let posted = try await inParallel(count) { number in
      try await store.post(
        cards[number % cards.count].transfer(number), by: institution,
        as: Caller(.institution(institution), at: .now))
    }
    return try await inParallel(count) { number in
      let card = cards[number % cards.count]
      let claimed = try await store.claim(
        posted[number].id, card: card.card, by: card.deviceID,
        as: Caller(.device(card.deviceID), at: .now))
      return try card.verification(of: claimed)
    }
  }

  func verifiedCount() async throws -> Int {
    var count = 0
    var cursor: String?
    repeat {
      let page = try await store.transactions(
        of: institution, PageRequest(cursor: cursor, limit: 200), at: .now)
      count += page.items.count { $0.state == .verified }
      cursor = page.next
    } while cursor != nil
    return count
  }

  /// What cannot be in a sound store, and a broken audit chain.
  func violations() async throws -> [String] {
    let audit = try await store.verifyAudit()
    return try await store.verify().map(\.description) + (audit.isIntact ? [] : [audit.description])
  }

  func transactions() async throws -> [TransactionID] {
    try await store.transactions(of: institution, PageRequest(limit: 50), at: .now).items.map(\.id)
  }

  func applications() async throws -> [ApplicationID] {
    try await store.applications(at: institution, PageRequest(limit: 50)).items.map(\.id)
  }

  func registrations() async throws -> [RegistrationID] {
    var ids: [RegistrationID] = []
    for card in cards {
      ids += try await store.registrations(of: card.card, PageRequest(limit: 50)).items.map(\.id)
    }
    return ids
  }
}

enum BenchError: Error {
  case preparation
  case serverDidNotStart
}

/// The results of `count` calls in their order, many at a time.
func inParallel<Value: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
  try await withThrowingTaskGroup(of: (Int, Value).self) { group in
    var next = 0
    var values = [Value?](repeating: nil, count: count)
    while next < min(count, 256) {
      let number = next
      group.addTask { (number, try await body(number)) }
      next += 1
    }
    while let (number, value) = try await group.next() {
      values[number] = value
      guard next < count else { continue }
      let number = next
      group.addTask { (number, try await body(number)) }
      next += 1
    }
    return values.compactMap { $0 }
  }
}

extension UnixTime {
  static var now: UnixTime { UnixTime(Int64(Date().timeIntervalSince1970)) }
}
