import Cryptography
import OTPCard
import OneTimePassword
import Reader
import Simulation
import SmartCard
import Synchronization

/// What is swept: a plain TOTP code, or a transaction code on a locked card.
enum Scenario: String, CaseIterable, Sendable {
  case totp, transaction

  static let time: UInt64 = 59
  private static let key = Array("01234567890123456789012345678901".utf8)
  private static let accessKey = (0..<16).map { UInt8($0 + 1) }

  /// By oathtool; the first transaction of the vectors.
  var expected: String { self == .totp ? "484092" : "570924" }

  func card() throws -> Simulation.OATHCard {
    let name = self == .totp ? "totp" : "smartotp:K01:12345678"
    return Simulation.OATHCard(
      credentials: [OATHCredential(name: name, algorithm: .sha256, digits: 6, key: Self.key)],
      accessKey: self == .totp ? nil : Self.accessKey)
  }

  /// One tap as `smartotp code` makes it.
  func code(
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

/// A channel that notes by how much each answer missed its deadline.
struct MeasuredChannel: CardChannel {
  let channel: any CardChannel
  let overruns: Overruns

  var activation: Activation { get async { await channel.activation } }

  func transmit(
    _ command: CommandAPDU, deadline: ContinuousClock.Instant
  ) async throws(CardError) -> ResponseAPDU {
    defer { overruns.note(deadline) }
    return try await channel.transmit(command, deadline: deadline)
  }

  func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
    defer { overruns.note(deadline) }
    try await channel.reactivate(deadline: deadline)
  }
}

/// Microseconds from deadline to answer, 0 for answers in time.
final class Overruns: Sendable {
  private let values = Mutex<[Int64]>([])

  func note(_ deadline: ContinuousClock.Instant) {
    let late = deadline.duration(to: .now)
    let microseconds =
      late.components.seconds * 1_000_000 + late.components.attoseconds / 1_000_000_000_000
    values.withLock { $0.append(max(0, microseconds)) }
  }

  var all: [Int64] { values.withLock { $0 } }
}
