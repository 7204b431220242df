import SmartOTP

extension Registration {
  var indentedLine: String { "  \(id)  \(institution)  \(state.rawValue) \(channel.rawValue)" }
}
