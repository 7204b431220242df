import SmartCard

/// A card that may be the one on the reader.
public struct OATHCandidate: Sendable {
  /// The id its application had when it was last seen; nil when it never was.
  public let id: [UInt8]?
  public let accessKey: OATHAccessKey

  public init(id: [UInt8]?, accessKey: OATHAccessKey) {
    self.id = id
    self.accessKey = accessKey
  }
}

extension OATHCard {
  /// Which of the candidates this card is. It has proved it by its access key: SELECT and VALIDATE
  /// on one activation.
  ///
  /// - Returns: the candidate's index; nil when it is none of them.
  /// - Throws: `accessKeyMissing` for a card that asks for no key.
  public func recognize(
    among candidates: [OATHCandidate], deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> Int? {
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> Int? in
      guard session.selection.isLocked else { throw .accessKeyMissing }
      let id = session.selection.id
      let known = candidates.indices.filter { candidates[$0].id == id }
      let unseen = candidates.indices.filter { candidates[$0].id == nil }
      for index in known + unseen {
        if try await session.accepts(candidates[index].accessKey) { return index }
      }
      return nil
    }
  }
}

extension OATHSession {
  fileprivate mutating func accepts(_ key: OATHAccessKey) async throws(OATHError) -> Bool {
    do throws(OATHError) {
      try await unlock(with: .required(key))
      return true
    } catch .wrongAccessKey {
      // A refused VALIDATE has used the card's challenge up.
      try await reselect()
      return false
    }
  }
}
