/// One change of the centre's state: who did what to what. Each carries the hash of the one before.
public struct AuditRecord: Hashable, Sendable, Codable {
  public let number: Int64
  public let time: UnixTime
  /// `institution:004`, `device:dev-…`, `operator:…`, `center`.
  public let actor: String
  /// `card.activated`, `transaction.verified`.
  public let action: String
  /// What was changed: `card:K01:12345678`.
  public let subject: String
  public let detail: String
  /// In hex.
  public let hash: String

  public init(
    number: Int64, time: UnixTime, actor: String, action: String, subject: String, detail: String,
    hash: String
  ) {
    self.number = number
    self.time = time
    self.actor = actor
    self.action = action
    self.subject = subject
    self.detail = detail
    self.hash = hash
  }
}
