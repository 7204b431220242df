import ArgumentParser
import Center
import CenterStore
import Cryptography
import Foundation
import OneTimePassword
import SmartOTP

/// Many callers at once, until somebody kills it. Prints each transaction whose code was accepted.
struct Traffic: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  static let cards = GeneratedCards(
    issuer: CardLife.bank, vendorCode: VendorCode(accepted: "K01"))
  static let cardCount = 64

  @Argument var path: String
  @Option var callers = 32

  func run() async throws {
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<callers {
        group.addTask { while true { try await transact(store, card: caller % Self.cardCount) } }
      }
      try await group.waitForAll()
    }
  }

  private func transact(_ store: SQLiteStore, card number: Int) async throws {
    let (id, code) = try await Self.claimedCode(in: store, card: number)
    let bank = Caller(.institution(CardLife.bank), at: CardLife.now)
    guard try await store.verify(id, code: code, as: bank).result == .accepted else {
      throw Failure(what: "a right code refused")
    }
    // In one write, so that no line is cut when the process dies.
    try FileHandle.standardOutput.write(contentsOf: Data("\(id)\n".utf8))
  }

  /// A transaction posted and claimed, and the card's code for it.
  static func claimedCode(
    in store: SQLiteStore, card number: Int
  ) async throws -> (TransactionID, OneTimeCode) {
    let bank = Caller(.institution(CardLife.bank), at: CardLife.now)
    let card = cards.card(number)
    let device = try cards.device(number)
    let posted = try await store.post(
      TransactionRequest(card: card, kind: .login, fields: []), by: CardLife.bank, as: bank)
    let claimed = try await store.claim(
      posted.id, card: card, by: device, as: Caller(.device(device), at: CardLife.now))
    let key = try cards.transactionKey(number)
    let code = try TransactionCode.code(for: claimed.challenge()) { _, message in
      try hmac(.sha256, key: key, message: message)
    }
    return (posted.id, code)
  }
}

struct Storm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Two processes under load on one store, killed at random moments, again and again.")

  @Option(help: "How many times.")
  var rounds = 10

  func run() async throws {
    let directory = try Scratch()
    let path = directory.file("storm.sqlite")
    try await Self.prepare(path)
    var accepted = 0
    for round in 1...rounds {
      let children = try (0..<2).map { number in
        try Child(["traffic", path], output: directory.file("\(round)-\(number).txt"))
      }
      try await Task.sleep(for: .milliseconds(.random(in: 100...700)))
      for child in children { child.kill() }
      for child in children { _ = child.wait() }
      let ids = try children.flatMap { try $0.lines() }
      try await check(path, ids, "round \(round)")
      accepted += ids.count
    }
    print(
      "\(rounds) rounds, two processes killed in each: \(accepted) codes were accepted, none is lost"
    )
  }

  static func prepare(_ path: String) async throws {
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    let bank = Institution(
      code: CardLife.bank, name: "Bank", vendorCode: VendorCode(accepted: "K01"))
    _ = try await store.add(bank, as: Caller(.operator("office"), at: CardLife.now))
    try store.generate(Traffic.cards, numbers: 0..<Traffic.cardCount, at: CardLife.now)
  }

  private func check(_ path: String, _ ids: [String], _ when: String) async throws {
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    try await Self.expectSound(store, when)
    for id in ids {
      let transaction = try await store.transaction(TransactionID(id), at: CardLife.now)
      guard transaction.state == .verified else {
        throw Failure(what: "\(when): \(id) was accepted and is \(transaction.state)")
      }
    }
  }

  /// Generated cards have no records of their own; of those that the record must tell, nothing else
  /// may be wrong.
  static func expectSound(_ store: SQLiteStore, _ when: String) async throws {
    let violations = try await store.verify().filter { !$0.rule.hasPrefix("a card is where") }
    guard violations.isEmpty else { throw Failure(what: "\(when): \(violations)") }
  }
}
