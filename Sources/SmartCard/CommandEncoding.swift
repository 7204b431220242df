/// Whether a command may use extended length fields (ISO/IEC 7816-4, 5.1).
public enum ExtendedLength: Hashable, Sendable {
  /// Short fields only: up to 255 data bytes, Ne up to 256.
  case never
  /// Extended fields only where short ones cannot say it.
  case whenNeeded
  /// Extended fields wherever there is a length field.
  case always
}

extension CommandAPDU {
  /// Whether short length fields cannot express this command.
  public var needsExtendedLength: Bool {
    data.count > 255 || (expectedLength ?? 0) > 256
  }

  /// The bytes to send.
  ///
  /// - Throws: `dataTooLong`, `expectedLengthOutOfRange`, or `extendedLengthNotAllowed`.
  public func encoded(extended: ExtendedLength = .whenNeeded) throws(APDUError) -> [UInt8] {
    try checkLengths()
    if extended == .never, needsExtendedLength { throw .extendedLengthNotAllowed }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.count + 9)
    bytes += [cla, ins, p1, p2]
    if extended == .always || needsExtendedLength {
      appendExtendedBody(to: &bytes)
    } else {
      appendShortBody(to: &bytes)
    }
    return bytes
  }

  private func checkLengths() throws(APDUError) {
    if data.count > Self.maximumData { throw .dataTooLong(count: data.count) }
    if let expectedLength, !(1...Self.maximumExpectedLength).contains(expectedLength) {
      throw .expectedLengthOutOfRange(expectedLength)
    }
  }

  private func appendShortBody(to bytes: inout [UInt8]) {
    if !data.isEmpty {
      bytes.append(UInt8(truncatingIfNeeded: data.count))
      bytes += data
    }
    // Ne 256 is coded 00, which is also its low byte.
    if let expectedLength { bytes.append(UInt8(truncatingIfNeeded: expectedLength)) }
  }

  private func appendExtendedBody(to bytes: inout [UInt8]) {
    guard !data.isEmpty || expectedLength != nil else { return }
    bytes.append(0)
    if !data.isEmpty {
      appendUInt16(data.count, to: &bytes)
      bytes += data
    }
    if let expectedLength { appendUInt16(expectedLength, to: &bytes) }
  }

  private func appendUInt16(_ value: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }
}
