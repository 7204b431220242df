import SmartCard

extension OATHCard {
  /// A TOTP code of the first of `names` that the card has, for where a person chooses nothing: LIST,
  /// then CALCULATE.
  ///
  /// A name stands for the credential of that name, or for the only one of that issuer. A Smart OTP
  /// credential is never used: its codes belong to transactions.
  ///
  /// - Parameter time: Unix time in seconds.
  /// - Throws: `noSuchCredential` where the card has none of them.
  public func plainCode(
    ofFirst names: [String], at time: UInt64, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHCode {
    try await perform(deadline: deadline) {
      (session: inout OATHSession) throws(OATHError) -> OATHCode in
      guard let credential = try await session.list().plain(ofFirst: names) else {
        // The list arrived: reading it again would not add to it.
        session.isFinal = true
        throw .noSuchCredential
      }
      return try await session.code(of: credential, at: time)
    }
  }
}

extension [OATHCredential] {
  func plain(ofFirst names: [String]) -> OATHCredential? {
    let usable = filter { $0.kind == .totp && !$0.name.isSmartOTP }
    for name in names {
      if let exact = usable.first(where: { $0.name.label == name || $0.name.text == name }) {
        return exact
      }
      let issued = usable.filter { $0.name.issuer == name }
      if issued.count == 1 { return issued.first }
    }
    return nil
  }
}

extension OATHName {
  /// Whether it begins as the names of Smart OTP credentials do.
  var isSmartOTP: Bool { bytes.starts(with: SmartOTPCredential.prefix.utf8) }
}
