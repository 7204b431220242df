import SmartOTP

extension ApplicationForm {
  /// The longest name and contact, in bytes of UTF-8.
  public static let maximumTextByteCount = 256

  /// Why the application is not taken: a value that breaks its rule, or every reason against it.
  public func refusal(at institution: Institution) -> Refusal? {
    let lengths = 1...Self.maximumTextByteCount
    for (name, text) in [("customerName", customerName), ("contact", contact)]
    where !isPlainText(text, lengths) {
      return Refusal(
        .invalidValue, "\(name): 1 to \(Self.maximumTextByteCount) bytes without controls")
    }
    let reasons = ineligibility(at: institution)
    if reasons.isEmpty { return nil }
    return Refusal(.ineligible, reasons.map(\.explanation).joined(separator: "; "))
  }
}
