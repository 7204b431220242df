import SmartCard

/// Changes to the card. Each is repeated after an interruption like any tap, and written so that a
/// change that had already been made is not taken for a failure.
extension OATHCard {
  /// Puts a credential on the card in place of whatever had its name: DELETE, then PUT.
  public func put(
    _ credential: OATHNewCredential, deadline: ContinuousClock.Instant
  ) async throws(OATHError) {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      try await session.put(credential)
    }
  }

  /// Deletes a credential.
  ///
  /// - Throws: `noSuchCredential`.
  public func delete(
    _ name: OATHName, deadline: ContinuousClock.Instant
  ) async throws(OATHError) {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      do throws(OATHError) {
        try await session.delete(name)
      } catch .noSuchCredential where session.followsInterruption {
        // The tap that broke off had deleted it.
      }
      return
    }
  }

  /// Sets the card's access key and has the card prove it. A card that has this key already is
  /// left alone.
  public func setAccessKey(
    _ key: OATHAccessKey, deadline: ContinuousClock.Instant
  ) async throws(OATHError) {
    let access = access
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      if try await session.unlock(trying: key, else: access) { return }
      try await session.setAccessKey(key)
    }
  }

  /// Removes the card's access key. A card without one is left alone.
  public func removeAccessKey(deadline: ContinuousClock.Instant) async throws(OATHError) {
    let access = access
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      guard session.selection.isLocked else { return }
      try await session.unlock(with: access)
      try await session.removeAccessKey()
    }
  }

  /// Erases the OATH application: all credentials and the access key. The key is not needed where
  /// the card asks for none.
  public func reset(deadline: ContinuousClock.Instant) async throws(OATHError) {
    let access = access
    try await perform(deadline: deadline, access: .open) {
      (session: inout OATHSession) throws(OATHError) -> Void in
      do throws(OATHError) {
        try await session.reset()
      } catch .locked {
        try await session.unlock(with: access)
        try await session.reset()
      }
      return
    }
  }
}

extension OATHSession {
  /// Unlocks with `key`, or else with `access`. Nobody knows which of the two holds after a
  /// SET CODE that broke off.
  ///
  /// - Returns: whether `key` holds already.
  mutating func unlock(
    trying key: OATHAccessKey, else access: OATHAccess
  ) async throws(OATHError) -> Bool {
    if selection.isLocked {
      do {
        try await unlock(with: .required(key))
        self.access = .required(key)
        return true
      } catch .wrongAccessKey {
        // A challenge serves once.
        try await reselect()
      }
    }
    try await unlock(with: access)
    self.access = access
    return false
  }
}
