import SmartOTP

extension Device {
  /// One line: id, state, institution, name.
  var line: String { "\(id)  \(state.rawValue)  \(institution)  \(name)" }
}
