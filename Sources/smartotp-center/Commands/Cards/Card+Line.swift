import SmartOTP

extension Card {
  /// One line: name, state, issuer.
  var line: String {
    let lock = isLocked ? ", locked after \(wrongCodes) wrong codes" : ""
    return "\(card)  \(state.rawValue)\(lock)  issued by \(issuer)"
  }
}
