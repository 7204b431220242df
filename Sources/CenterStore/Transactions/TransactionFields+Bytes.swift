import SmartOTP

/// A transaction's fields in one column, as in the canonical form: the count, then label and value of
/// each, every text after its length (16 bits, big endian).
extension [TransactionField] {
  var columnBytes: [UInt8] {
    var bytes: [UInt8] = []
    appendCount(count, to: &bytes)
    for field in self {
      for text in [field.label, field.value] {
        appendCount(text.utf8.count, to: &bytes)
        bytes += text.utf8
      }
    }
    return bytes
  }

  /// Nil for bytes that this store did not write.
  init?(columnBytes bytes: [UInt8]) {
    var rest = bytes[...]
    guard let count = takeCount(&rest) else { return nil }
    self = []
    for _ in 0..<count {
      guard let label = takeText(&rest), let value = takeText(&rest) else { return nil }
      self.append(TransactionField(label: label, value: value))
    }
    guard rest.isEmpty else { return nil }
  }
}

private func appendCount(_ count: Int, to bytes: inout [UInt8]) {
  bytes.append(UInt8(truncatingIfNeeded: count >> 8))
  bytes.append(UInt8(truncatingIfNeeded: count))
}

private func takeCount(_ rest: inout ArraySlice<UInt8>) -> Int? {
  guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
  return Int(high) << 8 | Int(low)
}

private func takeText(_ rest: inout ArraySlice<UInt8>) -> String? {
  guard let count = takeCount(&rest), rest.count >= count else { return nil }
  let text = String(validating: rest.prefix(count), as: UTF8.self)
  rest = rest.dropFirst(count)
  return text
}
