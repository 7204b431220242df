import Cryptography
import OneTimePassword
import SmartCard

extension OATHCard {
  /// The code that confirms a transaction: SELECT, VALIDATE, CALCULATE, nothing else on the wire.
  ///
  /// A card without access key is taken only where `access` is not `required`; for a registered
  /// card it is.
  public func transactionCode(
    of credential: SmartOTPCredential, challenge: TransactionChallenge,
    deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OneTimeCode {
    try await transactionCode(
      of: credential, challenge: OATHChallenge(challenge), deadline: deadline)
  }

  /// The same, for a challenge that somebody else made of the transaction.
  public func transactionCode(
    of credential: SmartOTPCredential, challenge: OATHChallenge,
    deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OneTimeCode {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> OneTimeCode in
      let code = try await session.calculate(credential.name, challenge: challenge)
      guard code.digitCount == Int(TransactionCode.digits.rawValue) else {
        throw .malformedAnswer(.calculate, .digits(UInt8(truncatingIfNeeded: code.digitCount)))
      }
      return code
    }
  }

  /// Makes a card a Smart OTP: puts the credential on it, then sets the access key and has the
  /// card prove it. After an interruption it may be called again with the same keys.
  ///
  /// - Parameter key: `K_otp`, 32 bytes.
  public func personalize(
    _ credential: SmartOTPCredential, key: SecretBytes, accessKey: OATHAccessKey,
    deadline: ContinuousClock.Instant
  ) async throws(OATHError) {
    let access = access
    let new = OATHNewCredential(
      name: credential.name, kind: .totp, hash: TransactionCode.hash,
      digits: TransactionCode.digits, key: key)
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      let hasKey = try await session.unlock(trying: accessKey, else: access)
      try await session.put(new)
      if !hasKey { try await session.setAccessKey(accessKey) }
      return
    }
  }
}
