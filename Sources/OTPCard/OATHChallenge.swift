import OneTimePassword

/// What a TOTP credential calculates over: 1 to 8 bytes, which every card takes.
public struct OATHChallenge: Hashable, Sendable {
  public let bytes: [UInt8]

  public static let maximumByteCount = 8

  /// Nil unless 1 to 8 bytes.
  public init?(_ bytes: [UInt8]) {
    guard (1...Self.maximumByteCount).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  public init(_ transaction: TransactionChallenge) {
    bytes = transaction.bytes
  }

  /// A moving factor, eight bytes, big endian.
  public init(counter: UInt64) {
    bytes = HOTP.challenge(counter: counter)
  }
}

/// The period a TOTP code belongs to. Times are Unix time in whole seconds.
public struct OATHTimeStep: Hashable, Sendable {
  public let counter: UInt64
  public let period: UInt32

  /// - Parameter period: seconds; 0 is taken as 1.
  public init(at time: UInt64, period: UInt32) {
    self.period = max(period, 1)
    counter = time / UInt64(self.period)
  }

  public var challenge: OATHChallenge { OATHChallenge(counter: counter) }

  /// The first second that belongs to the next step; the greatest time there is at the end of time.
  public var end: UInt64 {
    let (next, overflow) = (counter + (counter == .max ? 0 : 1))
      .multipliedReportingOverflow(by: UInt64(period))
    return overflow ? .max : next
  }
}
