import SmartOTP

/// On whose behalf, and when, the store is asked to do something.
public struct Caller: Sendable {
  public let actor: Actor
  /// By the centre's clock.
  public let now: UnixTime
  /// For calls that create something: makes a repeated request harmless.
  public let idempotency: Idempotency?

  public init(_ actor: Actor, at now: UnixTime, idempotency: Idempotency? = nil) {
    self.actor = actor
    self.now = now
    self.idempotency = idempotency
  }
}

/// A client's name for one request, with a digest of that request. The same key and digest from the
/// same actor within a day are answered as the first time; another digest is refused
/// (`idempotencyConflict`).
public struct Idempotency: Hashable, Sendable {
  /// 1 to 64 visible ASCII characters.
  public let key: String
  /// SHA-256 over method, path and body.
  public let requestDigest: [UInt8]

  public static let lifetimeSeconds: Int64 = 86_400

  public init(key: String, requestDigest: [UInt8]) {
    self.key = key
    self.requestDigest = requestDigest
  }
}
