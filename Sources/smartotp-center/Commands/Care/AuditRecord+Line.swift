import SmartOTP

extension AuditRecord {
  var line: String { "\(number)  \(time)  \(actor)  \(action)  \(subject)  \(detail)" }
}
