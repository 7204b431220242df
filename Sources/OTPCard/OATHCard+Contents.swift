import SmartCard

/// What is on a card.
public struct OATHContents: Hashable, Sendable {
  public let selection: OATHSelection
  /// Nil when the card is locked and no key was given.
  public let credentials: [OATHCredential]?
}

extension OATHCard {
  /// What the card says of itself to everybody: version, id, locked or not. SELECT and nothing
  /// else; no key is tried, so this does not prove which card it is.
  public func identify(
    deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHSelection {
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> OATHSelection in
      session.selection
    }
  }

  /// What the card says of itself, and its credentials as far as it shows them.
  public func contents(
    deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHContents {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> OATHContents in
      let selection = session.selection
      let credentials = session.isOpen ? try await session.list() : nil
      return OATHContents(selection: selection, credentials: credentials)
    }
  }
}

extension OATHSession {
  /// Whether the card has no access key, or was unlocked with it.
  var isOpen: Bool { !selection.isLocked || access.key != nil }
}
