/// The unit of an interface's timestamps (option if_tsresol): a negative power of 10 or of 2 seconds.
enum TimestampResolution: Equatable {
  case decimal(exponent: UInt8)
  case binary(exponent: UInt8)

  /// What holds where the option is missing.
  static let microseconds = TimestampResolution.decimal(exponent: 6)

  init(byte: UInt8) {
    let exponent = byte & 0x7F
    self = byte & 0x80 == 0 ? .decimal(exponent: exponent) : .binary(exponent: exponent)
  }

  /// The time in nanoseconds, finer parts dropped; the largest value where it does not fit.
  func nanoseconds(_ ticks: UInt64) -> UInt64 {
    switch self {
    case .decimal(let exponent) where exponent <= 9:
      let (value, overflows) = ticks.multipliedReportingOverflow(
        by: Self.powerOfTen(9 - Int(exponent)))
      return overflows ? .max : value
    case .decimal(let exponent):
      // 10^20 ticks of a smaller unit do not fit the 64 bits that count them.
      return exponent >= 29 ? 0 : Self.scaleDown(ticks, decimals: Int(exponent) - 9)
    case .binary(let exponent):
      return Self.nanoseconds(ticks, binaryExponent: Int(exponent))
    }
  }

  private static func powerOfTen(_ exponent: Int) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  private static func scaleDown(_ ticks: UInt64, decimals: Int) -> UInt64 {
    (0..<decimals).reduce(ticks) { value, _ in value / 10 }
  }

  private static func nanoseconds(_ ticks: UInt64, binaryExponent: Int) -> UInt64 {
    let product = ticks.multipliedFullWidth(by: 1_000_000_000)
    if binaryExponent >= 128 { return 0 }
    if binaryExponent >= 64 { return product.high >> UInt64(binaryExponent - 64) }
    if binaryExponent == 0 { return product.high == 0 ? product.low : .max }
    guard product.high >> UInt64(binaryExponent) == 0 else { return .max }
    return product.high << UInt64(64 - binaryExponent) | product.low >> UInt64(binaryExponent)
  }
}
