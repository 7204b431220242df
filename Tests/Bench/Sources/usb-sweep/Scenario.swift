import OTPCard
import OneTimePassword
import Simulation
import SmartCard

/// What is swept: a transaction code, which may be asked for again, or counter-based codes, which
/// may not.
enum Scenario: String, CaseIterable, Sendable {
  case transaction, hotp

  private static let key = Array("01234567890123456789012345678901".utf8)
  /// RFC 4226, appendix D.
  private static let counterKey = Array("12345678901234567890".utf8)
  static let counterCodes = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
    "520489",
  ]
  /// The first of the project's transaction vectors.
  private static let challenge: [UInt8] = [0x79, 0xA4, 0x3E, 0x1F, 0x1A, 0x02, 0xC6, 0x42]
  private static let transactionCode = "570924"

  func card() -> Simulation.OATHCard {
    switch self {
    case .transaction:
      Simulation.OATHCard(credentials: [
        .smartOTP(vendor: "K01", serial: "12345678", key: Self.key)
      ])
    case .hotp:
      Simulation.OATHCard(credentials: [
        Simulation.OATHCredential(
          name: "counter", kind: .hotp, algorithm: .sha1, digits: 6, key: Self.counterKey)
      ])
    }
  }

  /// One tap as `smartotp code` makes it.
  func code(
    on channel: any CardChannel, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> String {
    let card = OTPCard.OATHCard(channel)
    switch self {
    case .transaction:
      guard let name = OATHName("smartotp:K01:12345678"),
        let challenge = OATHChallenge(Self.challenge)
      else { throw .noSuchCredential }
      return try await card.perform(deadline: deadline) {
        (session: inout OATHSession) throws(OATHError) -> OneTimeCode in
        try await session.calculate(name, challenge: challenge)
      }.digitsText
    case .hotp:
      return try await card.code(matching: "counter", at: 0, deadline: deadline).code.digitsText
    }
  }

  /// Whether the card was made to calculate more often than somebody asked.
  func isCounted(_ card: Simulation.OATHCard, taps: UInt32) -> Bool {
    self != .hotp || card.credentials.allSatisfy { $0.counter <= taps }
  }

  /// Whether a code is right after those that were given before it: a counter only moves on.
  func accepts(_ code: String, after given: [String]) -> Bool {
    guard self == .hotp else { return code == Self.transactionCode }
    guard let index = Self.counterCodes.firstIndex(of: code) else { return false }
    return given.allSatisfy { Self.counterCodes.firstIndex(of: $0).map { $0 < index } ?? false }
  }
}
