import SmartOTP

extension Card {
  /// One line: name, state, issuer, language.
  var line: String {
    let lock = isLocked ? ", locked after \(wrongCodes) wrong codes" : ""
    let speech = language.map { "  speaks \($0.rawValue)" } ?? ""
    return "\(card)  \(state.rawValue)\(lock)  issued by \(issuer)\(speech)"
  }
}
