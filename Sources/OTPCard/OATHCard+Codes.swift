import OneTimePassword
import SmartCard

/// A code, the credential it belongs to, and until when it holds.
public struct OATHCode: Equatable, Sendable {
  public let code: OneTimeCode
  public let credential: OATHCredential
  /// Unix time at which the next code begins; nil for HOTP.
  public let validUntil: UInt64?
}

extension OATHCard {
  /// The code of a credential that is known from before: SELECT, VALIDATE where locked, CALCULATE,
  /// nothing else.
  ///
  /// - Parameter time: Unix time in seconds; a HOTP credential ignores it.
  /// - Throws: `counterMayHaveMoved` for a HOTP credential; it is never calculated twice.
  public func code(
    of credential: OATHCredential, at time: UInt64, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHCode {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> OATHCode in
      try await session.code(of: credential, at: time)
    }
  }

  /// The code of the credential a person means by `text`: as `code(of:at:deadline:)`, with a LIST
  /// before it.
  ///
  /// - Parameter text: nil stands for the only credential there is.
  /// - Throws: `noSuchCredential`, `ambiguousCredential`.
  public func code(
    matching text: String?, at time: UInt64, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHCode {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> OATHCode in
      let credentials = try await session.list()
      let credential: OATHCredential
      do throws(OATHError) {
        credential = try credentials.meant(by: text)
      } catch {
        // The list arrived: reading it again would not add to it.
        session.isFinal = true
        throw error
      }
      return try await session.code(of: credential, at: time)
    }
  }

  /// The codes of all credentials of one period, with CALCULATE ALL.
  public func codes(
    at time: UInt64, period: UInt32 = OATHName.defaultPeriod, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> [OATHCalculation] {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> [OATHCalculation] in
      try await session.calculateAll(OATHTimeStep(at: time, period: period))
    }
  }

  /// The whole HMAC of a challenge under a TOTP credential's key.
  public func hmac(
    of credential: OATHCredential, challenge: OATHChallenge, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> [UInt8] {
    guard credential.kind == .totp, let hash = credential.hash else {
      throw .unsuitableCredential
    }
    return try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> [UInt8] in
      try await session.hmac(credential.name, hash: hash, challenge: challenge)
    }
  }
}

extension OATHSession {
  mutating func code(
    of credential: OATHCredential, at time: UInt64
  ) async throws(OATHError) -> OATHCode {
    switch credential.kind {
    case .totp:
      let step = OATHTimeStep(at: time, period: credential.period)
      let code = try await calculate(credential.name, challenge: step.challenge)
      return OATHCode(code: code, credential: credential, validUntil: step.end)
    case .hotp:
      let code = try await calculateNext(credential.name)
      return OATHCode(code: code, credential: credential, validUntil: nil)
    case nil:
      throw .unsuitableCredential
    }
  }
}

extension [OATHCredential] {
  fileprivate func meant(by text: String?) throws(OATHError) -> OATHCredential {
    if let text { return try matching(text) }
    guard let credential = first else { throw .noSuchCredential }
    guard count == 1 else { throw .ambiguousCredential(map(\.name)) }
    return credential
  }
}
