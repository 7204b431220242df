import OneTimePassword
import SmartOTP

/// Transactions and their codes (S7-S9).
public protocol TransactionStore: Sendable {
  /// For an active, unlocked card that is registered with the calling institution; pushed to every
  /// device that has the card. The nonce is drawn last.
  func post(
    _ request: TransactionRequest, by institution: InstitutionCode, as caller: Caller
  ) async throws(Refusal) -> Transaction
  func transaction(_ id: TransactionID, at now: UnixTime) async throws(Refusal) -> Transaction
  /// Newest first.
  func transactions(
    of institution: InstitutionCode, _ page: PageRequest, at now: UnixTime
  ) async throws(Refusal) -> Page<Transaction>
  /// What waits for the card on a device that has it, oldest first (S8).
  func openTransactions(
    for card: CardIdentity, on device: DeviceID, at now: UnixTime
  ) async throws(Refusal) -> [Transaction]
  /// pending or claimed → claimed, with a challenge time later than any before. The earlier code is
  /// void.
  func claim(
    _ id: TransactionID, card: CardIdentity, by device: DeviceID, as caller: Caller
  ) async throws(Refusal) -> Transaction
  /// By the institution that posted it, or the device that has the card.
  func cancel(_ id: TransactionID, as caller: Caller) async throws(Refusal) -> Transaction
  /// Compares the code in constant time. Accepted: verified, once. Wrong: one attempt less, one
  /// wrong code more on the card; the last attempt rejects the transaction, the tenth wrong code in
  /// a row locks the card. A right code sets the card's count back.
  func verify(
    _ id: TransactionID, code: OneTimeCode, as caller: Caller
  ) async throws(Refusal) -> Verification
}
