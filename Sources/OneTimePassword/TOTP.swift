/// TOTP (RFC 6238): codes from the time. Times are Unix time in whole seconds.
public struct TOTP: Equatable, Sendable {
  public let hash: HashFunction
  public let digits: DigitCount
  /// The time-step X in seconds, at least 1.
  public let period: UInt32
  /// T0, where counting starts.
  public let epoch: Int64

  /// Nil for a period of zero.
  public init?(
    hash: HashFunction = .sha1, digits: DigitCount = .six, period: UInt32, epoch: Int64 = 0
  ) {
    guard period > 0 else { return nil }
    self.hash = hash
    self.digits = digits
    self.period = period
    self.epoch = epoch
  }

  /// RFC 6238's default step of 30 seconds, counted from 1970.
  public init(hash: HashFunction = .sha1, digits: DigitCount = .six) {
    self.hash = hash
    self.digits = digits
    self.period = 30
    self.epoch = 0
  }

  /// The number of whole steps from T0 to `time`. Nil before T0, where RFC 6238 defines none.
  public func counter(at time: Int64) -> UInt64? {
    elapsed(at: time).map { $0 / UInt64(period) }
  }

  /// For how many seconds, 1 to `period`, the code of `time` stays the current one. Nil before T0.
  public func secondsRemaining(at time: Int64) -> UInt32? {
    elapsed(at: time).map { period - UInt32(truncatingIfNeeded: $0 % UInt64(period)) }
  }

  /// The code of `time`. Nil before T0.
  public func code<Failure: Error>(
    at time: Int64, hmac: HMACFunction<Failure>
  ) throws(Failure) -> OneTimeCode? {
    guard let counter = counter(at: time) else { return nil }
    return try HOTP(hash: hash, digits: digits).code(counter: counter, hmac: hmac)
  }

  /// The difference fits 64 unsigned bits even where it does not fit signed ones.
  private func elapsed(at time: Int64) -> UInt64? {
    time < epoch ? nil : UInt64(bitPattern: time &- epoch)
  }
}
