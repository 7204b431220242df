/// What RFConfiguration sets (UM0701-02 §7.3.1).
struct RadioSettings {
  /// Time-out index of non-DEP exchanges; `0A` is 51.2 ms.
  var retryTimeout: UInt8 = 0x0A
  var attributeTimeout: UInt8 = 0x0B
  /// Retries of an exchange after an error.
  var exchangeRetries: UInt8 = 0
  /// Retries of a passive activation; `FF` is for ever.
  var activationRetries: UInt8 = 0xFF
  var analog: [UInt8: [UInt8]] = [:]

  /// 100 µs × 2^(n-1); nil is no time-out at all.
  static func duration(_ index: UInt8) -> Duration? {
    index == 0 ? nil : .microseconds(100 << (Int(min(index, 16)) - 1))
  }
}
