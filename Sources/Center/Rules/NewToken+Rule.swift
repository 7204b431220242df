import OneTimePassword
import SmartOTP

extension NewToken {
  /// Counters from here on leave no room for looking ahead.
  public static let counterLimit: UInt64 = 1 << 62
  public static let keyByteCounts = 10...128

  /// The first value that breaks its rule.
  public var refusal: Refusal? {
    for (name, text) in [("manufacturer", manufacturer), ("serial", serial)]
    where !isPlainText(text, 1...64) {
      return Refusal(.invalidValue, "\(name): 1 to 64 bytes without controls")
    }
    guard Self.keyByteCounts.contains(key.count) else {
      return Refusal(
        .invalidValue,
        "key: \(Self.keyByteCounts.lowerBound) to \(Self.keyByteCounts.upperBound) bytes")
    }
    return method.refusal
  }
}

extension NewToken.Method {
  fileprivate var refusal: Refusal? {
    switch self {
    case .totp: nil
    case .hotp(_, let counter): counterRefusal(counter)
    case .ocra(let suite, let counter):
      counterRefusal(counter) ?? suiteRefusal(suite)
    }
  }

  private func counterRefusal(_ counter: UInt64) -> Refusal? {
    counter < NewToken.counterLimit ? nil : Refusal(.invalidValue, "counter: too large")
  }

  /// The centre knows neither PINs nor sessions, and people type codes, not whole MACs.
  private func suiteRefusal(_ suite: OCRASuite) -> Refusal? {
    guard suite.pinHash == nil, suite.sessionByteCount == nil else {
      return Refusal(
        .invalidValue, "suite: with a PIN or session information it cannot be verified")
    }
    return suite.digitCount == 0
      ? Refusal(.invalidValue, "suite: a response of no digits cannot be typed") : nil
  }
}
