import SmartOTP

/// What the loop has others do.
public struct ApplianceServices: Sendable {
  /// Under one idempotency key, 1 to 64 visible ASCII characters, the same transaction is posted once;
  /// nil for a fresh one.
  public typealias Post =
    @Sendable (LocalTransaction, _ idempotencyKey: String?) async throws(CenterServiceError) ->
    Transaction

  /// What readers there are.
  public var readers: @Sendable () async -> [AttachedReaderStatus]
  /// `smartotp doctor --json`.
  public var doctor: @Sendable () async throws(BranchRefusal) -> String
  /// Posts a transaction as the branch's institution; nil where the branch holds no certificate.
  public var post: Post?
  /// Whether the system's clock may be trusted: plain codes depend on it.
  public var clockIsSet: @Sendable () -> Bool = { true }
  /// Something an operator should know; goes to the log.
  public var log: @Sendable (LogLine) -> Void

  public init(
    readers: @escaping @Sendable () async -> [AttachedReaderStatus] = { [] },
    doctor: @escaping @Sendable () async throws(BranchRefusal) -> String = {
      () async throws(BranchRefusal) -> String in throw .unavailable("there is no doctor here")
    },
    post: Post? = nil,
    log: @escaping @Sendable (LogLine) -> Void = { _ in }
  ) {
    self.readers = readers
    self.doctor = doctor
    self.post = post
    self.log = log
  }
}

/// A line of the log: a sentence, and what it is about. Never a code, a key or a field of a
/// transaction.
public struct LogLine: Hashable, Sendable {
  public enum Level: String, Hashable, Sendable {
    case info
    case warning
    case error
  }

  public let level: Level
  public let text: String
  public let transaction: TransactionID?

  public init(_ level: Level, _ text: String, transaction: TransactionID? = nil) {
    self.level = level
    self.text = text
    self.transaction = transaction
  }
}
