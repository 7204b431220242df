/// A reader as it can be reached now: libnfc's name for it, and how it wants to be treated.
public struct LocatedReader: Sendable {
  public var connstring: String
  public var recovery: RecoveryPolicy

  public init(connstring: String, recovery: RecoveryPolicy = .cautious) {
    self.connstring = connstring
    self.recovery = recovery
  }
}

/// Something about a connection that its program may want to tell an operator.
public enum ReaderNotice: Hashable, Sendable {
  /// The reader does not work, or is not there; said once.
  case lost(ReaderError)
  /// Something is done about it.
  case recovering(RecoveryStep)
  /// It works again.
  case back
}
