import Cryptography
import OneTimePassword
import SmartOTP

/// Third-party tokens (HOTP, TOTP, OCRA) whose codes the centre verifies.
public protocol TokenStore: Sendable {
  func importToken(_ token: NewToken, as caller: Caller) async throws(Refusal) -> Token
  func token(_ id: TokenID) async throws(Refusal) -> Token
  func tokens(of institution: InstitutionCode, _ page: PageRequest) async throws(Refusal) -> Page<
    Token
  >
  /// A question for an OCRA token, good for one answer.
  func challenge(_ id: TokenID, as caller: Caller) async throws(Refusal) -> TokenChallenge
  /// HOTP looks ahead 10 counters, TOTP one step either way around the token's known drift; a
  /// counter or step is taken once.
  func verify(
    _ id: TokenID, code: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> TokenVerification
  /// Two codes in a row, found within 1,000 counters or 120 steps, set counter or drift.
  func resynchronize(
    _ id: TokenID, first: OneTimeCode, second: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> TokenVerification
  func unlockToken(_ id: TokenID, as caller: Caller) async throws(Refusal) -> Token
}

/// A token with its key, as a PSKC file brings it.
public struct NewToken: Sendable {
  public enum Method: Sendable {
    case hotp(HOTP, counter: UInt64)
    case totp(TOTP)
    case ocra(OCRASuite, counter: UInt64)
  }

  public let institution: InstitutionCode
  public let manufacturer: String
  public let serial: String
  public let method: Method
  public let key: SecretBytes

  public init(
    institution: InstitutionCode, manufacturer: String, serial: String, method: Method,
    key: SecretBytes
  ) {
    self.institution = institution
    self.manufacturer = manufacturer
    self.serial = serial
    self.method = method
    self.key = key
  }
}
