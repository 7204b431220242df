import Cryptography
import OTPCard
import OneTimePassword
import Simulation
import SmartCard

/// What a tap is to bring: a plain TOTP code, or a transaction code on a locked card.
public enum Scenario: String, CaseIterable, Sendable {
  case totp, transaction

  public static let time: UInt64 = 59
  private static let key = Array("01234567890123456789012345678901".utf8)
  private static let accessKey = (0..<16).map { UInt8($0 + 1) }

  /// By oathtool; the first transaction of the vectors.
  public var expected: String { self == .totp ? "484092" : "570924" }

  public func card() throws -> Simulation.OATHCard {
    let name = self == .totp ? "totp" : "smartotp:K01:12345678"
    return Simulation.OATHCard(
      credentials: [OATHCredential(name: name, algorithm: .sha256, digits: 6, key: Self.key)],
      accessKey: self == .totp ? nil : Self.accessKey)
  }

  /// One tap as `smartotp code` makes it.
  public func code(
    on channel: any CardChannel, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OneTimeCode {
    switch self {
    case .totp:
      guard let name = OATHName("totp") else { throw .noSuchCredential }
      let credential = OTPCard.OATHCredential(name: name, kind: .totp, hash: .sha256)
      return try await OTPCard.OATHCard(channel)
        .code(of: credential, at: Self.time, deadline: deadline).code
    case .transaction:
      guard let credential = try? SmartOTPCredential(vendorCode: "K01", serial: "12345678"),
        let key = OATHAccessKey(SecretBytes(Self.accessKey)),
        let challenge = OATHChallenge([0x79, 0xA4, 0x3E, 0x1F, 0x1A, 0x02, 0xC6, 0x42])
      else { throw .noSuchCredential }
      return try await OTPCard.OATHCard(channel, access: .required(key)).perform(
        deadline: deadline
      ) { (session: inout OATHSession) throws(OATHError) -> OneTimeCode in
        try await session.calculate(credential.name, challenge: challenge)
      }
    }
  }
}
