import SmartOTP
import Synchronization

/// A centre in the test's own process: pushes what it is told, keeps count of what it is asked.
package final class ScriptedCenter: CenterService {
  private struct State {
    var transactions: [TransactionID: Transaction] = [:]
    var cancelled: [TransactionID] = []
    var claims = 0
    var deviceCards: [DeviceCard] = []
    var trouble: CenterServiceError?
    var push: AsyncStream<CenterUpdate>.Continuation?
  }

  private let state = Mutex(State())

  package init() {}

  /// Posts a transaction and pushes it, unless `isPushed` is false.
  package func post(_ id: String, for card: CardIdentity, isPushed: Bool = true) -> Transaction {
    let transaction = Transaction(
      id: TransactionID(accepted: id), institution: InstitutionCode(accepted: "004"), card: card,
      kind: .transfer,
      fields: [
        TransactionField(label: "payee", value: "시험용 수취인"),
        TransactionField(label: "amount", value: "KRW 1500000"),
      ],
      reference: nil, state: .pending, createdAt: UnixTime(1_795_500_000),
      expiresAt: UnixTime(1_795_500_300), attemptsLeft: 5,
      nonce: "000102030405060708090A0B0C0D0E0F", challengeTime: nil)
    state.withLock { $0.transactions[transaction.id] = transaction }
    if isPushed { push(.transactionPending, transaction) }
    return transaction
  }

  package func push(_ kind: DeviceEvent.Kind, _ transaction: Transaction) {
    update(
      .event(
        DeviceEvent(
          id: 1, kind: kind, card: transaction.card, transaction: transaction.id,
          time: transaction.createdAt)))
  }

  package func update(_ update: CenterUpdate) { _ = state.withLock { $0.push?.yield(update) } }

  /// What every call fails with from now on; nil for none.
  package func fail(with error: CenterServiceError?) { state.withLock { $0.trouble = error } }

  /// What the device is told about its cards when it asks.
  package func record(_ cards: [DeviceCard]) { state.withLock { $0.deviceCards = cards } }

  package var cancelled: [TransactionID] { state.withLock { $0.cancelled } }
  package var claims: Int { state.withLock { $0.claims } }
  package func transaction(_ id: TransactionID) -> Transaction? {
    state.withLock { $0.transactions[id] }
  }

  // MARK: CenterService

  package func openTransactions(for card: CardIdentity) async throws(CenterServiceError)
    -> [Transaction]
  {
    try state.withLock { state throws(CenterServiceError) in
      if let trouble = state.trouble { throw trouble }
      return state.transactions.values.filter { $0.card == card && !$0.state.isFinal }
    }
  }

  package func claim(
    _ transaction: TransactionID, with card: CardIdentity
  ) async throws(CenterServiceError) -> Transaction {
    try state.withLock { state throws(CenterServiceError) in
      if let trouble = state.trouble { throw trouble }
      guard var claimed = state.transactions[transaction], !claimed.state.isFinal else {
        throw .refused(Refusal(.transactionState))
      }
      state.claims += 1
      claimed.state = .claimed
      claimed.challengeTime = UnixTime(1_795_500_042 + Int64(state.claims))
      state.transactions[transaction] = claimed
      return claimed
    }
  }

  package func cancel(_ transaction: TransactionID) async throws(CenterServiceError) -> Transaction
  {
    try state.withLock { state throws(CenterServiceError) in
      guard var cancelled = state.transactions[transaction] else {
        throw .refused(Refusal(.transactionUnknown))
      }
      cancelled.state = .cancelled
      state.transactions[transaction] = cancelled
      state.cancelled.append(transaction)
      return cancelled
    }
  }

  package func updates(after last: Int64?) -> AsyncStream<CenterUpdate> {
    let (stream, continuation) = AsyncStream<CenterUpdate>.makeStream()
    state.withLock { $0.push = continuation }
    continuation.yield(.connected)
    return stream
  }

  package func device() async throws(CenterServiceError) -> Device { throw .timedOut }
  package func renew(
    _ request: CertificateRenewalRequest
  ) async throws(CenterServiceError) -> IssuedDeviceCertificate { throw .timedOut }
  package func deviceCards() async throws(CenterServiceError) -> [DeviceCard] {
    state.withLock { $0.deviceCards }
  }
  package func addCard(_ request: DeviceCardRequest) async throws(CenterServiceError) -> DeviceCard
  {
    throw .timedOut
  }
  package func removeCard(_ card: CardIdentity) async throws(CenterServiceError) {}
}
