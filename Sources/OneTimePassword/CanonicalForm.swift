extension TransactionDetails {
  /// The details as bytes, in format version 1:
  ///
  ///     u8(1) || lp(transactionId) || lp(institutionCode) || lp(vendorCode) || lp(serial)
  ///           || lp(kind) || u16(number of fields) || for each field: lp(label) || lp(value)
  ///           || u64(createdAt) || lp(nonce)
  ///     lp(x) = u16(byte count) || x
  ///
  /// Integers are big endian. Different details never have the same form.
  public func canonicalForm() throws(TransactionDetailsError) -> [UInt8] {
    guard let fieldCount = UInt16(exactly: fields.count) else {
      throw .tooManyFields(fields.count)
    }
    guard nonce.count == Self.nonceByteCount else { throw .nonceSize(nonce.count) }
    var form = CanonicalFormWriter()
    for text in [transactionId, institutionCode, vendorCode, serial, kind] {
      try form.append(text)
    }
    form.append(fieldCount)
    for field in fields {
      try form.append(field.label)
      try form.append(field.value)
    }
    form.append(createdAt)
    try form.append(nonce)
    return form.bytes
  }
}

private struct CanonicalFormWriter {
  var bytes: [UInt8] = [1]
  private var parts = 0

  mutating func append(_ integer: some FixedWidthInteger) {
    bytes += integer.bigEndianBytes
  }

  mutating func append(_ text: [UInt8]) throws(TransactionDetailsError) {
    guard let count = UInt16(exactly: text.count) else {
      throw .textTooLong(part: parts, byteCount: text.count)
    }
    append(count)
    bytes += text
    parts += 1
  }
}
