import Cryptography
import OTPCard
import OneTimePassword
import Reader
import SmartCard
import TapMeasurement

/// How a tap with a fuzzed card ended.
struct FuzzResult: Sendable {
  enum End: Sendable {
    /// The card was believed: what it said was not wrong.
    case believed
    case reader(ReaderError)
    case card(OATHError)
  }

  var end: End
  var overruns: [Int64]
}

/// One tap, whatever the card is.
struct FuzzedTap: Sendable {
  enum Operation: String, CaseIterable, Sendable {
    case contents, code, allCodes, transaction, hmac, identify
  }

  let reader: LibNFCReader
  private let key = OATHAccessKey(SecretBytes((0..<16).map { UInt8($0 + 1) }))

  private static let limit = Duration.seconds(5)

  init(reader: LibNFCReader) { self.reader = reader }

  func make(_ operation: Operation) async -> FuzzResult {
    let deadline = ContinuousClock.now + Self.limit
    let overruns = Overruns()
    let end = await end(operation, deadline, overruns)
    overruns.note(deadline)
    return FuzzResult(end: end, overruns: overruns.all)
  }

  private func end(
    _ operation: Operation, _ deadline: ContinuousClock.Instant, _ overruns: Overruns
  ) async -> FuzzResult.End {
    do throws(ReaderError) {
      let active = try await reader.awaitCard(deadline: deadline)
      do throws(OATHError) {
        let channel = MeasuredChannel(channel: active, overruns: overruns)
        let access = key.map { OATHAccess.ifLocked($0) } ?? .open
        try await carryOut(operation, on: OATHCard(channel, access: access), deadline)
        return .believed
      } catch {
        return .card(error)
      }
    } catch {
      return .reader(error)
    }
  }

  private func carryOut(
    _ operation: Operation, on card: OATHCard, _ deadline: ContinuousClock.Instant
  ) async throws(OATHError) {
    guard let name = OATHName("totp"), let challenge = OATHChallenge([1, 2, 3, 4, 5, 6, 7, 8])
    else { throw .noSuchCredential }
    let credential = OATHCredential(name: name, kind: .totp, hash: .sha256)
    switch operation {
    case .contents: _ = try await card.contents(deadline: deadline)
    case .code: _ = try await card.code(matching: "totp", at: 59, deadline: deadline)
    case .allCodes: _ = try await card.codes(at: 59, deadline: deadline)
    case .hmac:
      _ = try await card.hmac(of: credential, challenge: challenge, deadline: deadline)
    case .transaction:
      guard let smartOTP = try? SmartOTPCredential(vendorCode: "K01", serial: "12345678") else {
        throw .noSuchCredential
      }
      _ = try await card.perform(deadline: deadline) {
        (session: inout OATHSession) throws(OATHError) -> OneTimeCode in
        try await session.calculate(smartOTP.name, challenge: challenge)
      }
    case .identify:
      _ = try await card.identify(deadline: deadline)
    }
  }
}
