import Foundation
import Simulation
import Testing

/// Commands as a bank or a device gives them.
extension TestCentre {
  static let form = [
    "--customer-name", "Hong Gildong", "--customer-kind", "personal", "--document-kind",
    "passport", "--document-number", "M12345678", "--contact", "010-0000-0000",
  ]

  /// Runs a command that needs no reader.
  func run(_ arguments: String..., as environment: [String]) async throws -> Outcome {
    try await SmartOTP.start(arguments, environment: environment).end()
  }

  /// Issues a card with a fixed serial number on what lies on the reader.
  func issue(_ serial: String, on field: Field, _ more: String...) async throws -> Outcome {
    try await field.start(
      ["issue", "--serial", serial] + Self.form + more, environment: bank()
    ).end()
  }

  /// Registers this machine and puts a card on it.
  func registerDevice(
    with card: String, on field: Field, named name: String = "device"
  ) async throws {
    let registered = try await run(
      "device", "register", "--code", try await code(.device), "--name", "branch 7",
      as: device(name))
    try #require(registered.status == 0, "\(registered)")
    let added = try await field.start(
      ["device", "add-card", card, "--code", try await code(.card, card: card)],
      environment: device(name)
    ).end()
    try #require(added.status == 0, "\(added)")
  }

  static let ownCard = "K01:12345678"

  /// A centre, a card that it issued, and this machine as a device with that card.
  static func withOwnCard(
    _ body: @Sendable @escaping (TestCentre, Field, OATHCard) async throws -> Void
  ) async throws {
    try await run { centre in
      let card = OATHCard.blank()
      let field = try Field(card)
      #expect(try await centre.issue("12345678", on: field).status == 0)
      try await centre.registerDevice(with: ownCard, on: field)
      try await body(centre, field, card)
    }
  }

  /// Posts a transfer; its id.
  func post(_ card: String) async throws -> String {
    let posted = try await run(
      "transaction", "post", card, "--field", "payee=Kim", "--field", "amount=KRW 1500000",
      "--json", as: bank())
    try #require(posted.status == 0, "\(posted)")
    return try #require(Self.value("id", in: posted.output))
  }

  /// A text value of the last JSON line.
  static func value(_ name: String, in output: String) -> String? {
    guard let line = output.split(separator: "\n").last,
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { return nil }
    return object[name] as? String
  }
}

extension Outcome {
  /// Standard error without the lines that tell how far things are.
  var lastError: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
}

extension OATHCard {
  /// A card as it comes from the factory.
  static func blank(_ profile: OATHProfile = .yubiKey, seed: UInt64 = 1) -> OATHCard {
    OATHCard(profile: profile, credentials: [], accessKey: nil, seed: seed)
  }
}
