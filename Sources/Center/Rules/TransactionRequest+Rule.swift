import SmartOTP

extension TransactionRequest {
  /// The longest `reference`, in bytes of UTF-8.
  public static let maximumReferenceByteCount = 128

  public var lifetime: Int64 { lifetimeSeconds ?? Transaction.defaultLifetimeSeconds }

  /// The first value that breaks its rule.
  public var refusal: Refusal? {
    guard fields.count <= Transaction.maximumFieldCount else {
      return invalid("fields: at most \(Transaction.maximumFieldCount)")
    }
    guard Transaction.lifetimeSecondsRange.contains(lifetime) else {
      let range = Transaction.lifetimeSecondsRange
      return invalid("lifetimeSeconds: \(range.lowerBound) to \(range.upperBound)")
    }
    for (index, field) in fields.enumerated() {
      guard isPlainText(field.label, 1...Transaction.maximumLabelByteCount) else {
        return invalid(
          "fields[\(index)].label: 1 to \(Transaction.maximumLabelByteCount) bytes without controls"
        )
      }
      guard isPlainText(field.value, 0...Transaction.maximumValueByteCount) else {
        return invalid(
          "fields[\(index)].value: up to \(Transaction.maximumValueByteCount) bytes without controls"
        )
      }
    }
    if let reference, !isPlainText(reference, 1...Self.maximumReferenceByteCount) {
      return invalid(
        "reference: 1 to \(Self.maximumReferenceByteCount) bytes without controls")
    }
    return nil
  }
}

private func invalid(_ detail: String) -> Refusal { Refusal(.invalidValue, detail) }

/// Whether a text has so many bytes and none that would steer a display.
public func isPlainText(_ text: String, _ byteCounts: ClosedRange<Int>) -> Bool {
  byteCounts.contains(text.utf8.count)
    && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
}
