import OneTimePassword

/// Where the verifier looks for a token's code (RFC 4226, 7.2 and 7.4; RFC 6238, 5.2 and 6).
public enum LookAhead {
  /// A HOTP token's code may be this many counters ahead.
  public static let counters: UInt64 = 10
  /// A TOTP token's code may be this many steps off its known drift, either way.
  public static let steps: Int64 = 1
  public static let resynchronizationCounters: UInt64 = 1000
  public static let resynchronizationSteps: Int64 = 120

  /// The counter of `code`, looking from `next` on.
  ///
  /// - Parameter next: the first counter that was not taken yet.
  public static func counter<Failure: Error>(
    of code: OneTimeCode, from next: UInt64,
    calculate: (UInt64) throws(Failure) -> OneTimeCode
  ) throws(Failure) -> UInt64? {
    for counter in upward(from: next, count: counters + 1) where try calculate(counter) == code {
      return counter
    }
    return nil
  }

  /// The first of two counters in a row whose codes are `first` and `second`.
  public static func counter<Failure: Error>(
    of first: OneTimeCode, then second: OneTimeCode, from next: UInt64,
    calculate: (UInt64) throws(Failure) -> OneTimeCode
  ) throws(Failure) -> UInt64? {
    var isSecondExpected = false
    for counter in upward(from: next, count: resynchronizationCounters + 1) {
      let code = try calculate(counter)
      if isSecondExpected, code == second { return counter - 1 }
      isSecondExpected = code == first
    }
    return nil
  }

  /// The time step of `code`: the token's own idea of now, then its neighbours.
  ///
  /// - Parameters:
  ///   - last: the last step that was taken; it and all before are not taken again.
  public static func step<Failure: Error>(
    of code: OneTimeCode, at now: UInt64, drift: Int64, after last: UInt64?,
    calculate: (UInt64) throws(Failure) -> OneTimeCode
  ) throws(Failure) -> UInt64? {
    for offset in (1...steps).reduce(into: [Int64(0)], { $0 += [-$1, $1] }) {
      guard let step = shifted(now, by: drift + offset), step > last ?? 0 || last == nil else {
        continue
      }
      if try calculate(step) == code { return step }
    }
    return nil
  }

  /// The second of two steps in a row whose codes are `first` and `second`.
  public static func step<Failure: Error>(
    of first: OneTimeCode, then second: OneTimeCode, at now: UInt64, after last: UInt64?,
    calculate: (UInt64) throws(Failure) -> OneTimeCode
  ) throws(Failure) -> UInt64? {
    var isSecondExpected = false
    for offset in -resynchronizationSteps...resynchronizationSteps {
      guard let step = shifted(now, by: offset), step > last ?? 0 || last == nil else {
        isSecondExpected = false
        continue
      }
      let code = try calculate(step)
      if isSecondExpected, code == second { return step }
      isSecondExpected = code == first
    }
    return nil
  }

  private static func upward(from next: UInt64, count: UInt64) -> Range<UInt64> {
    let (end, overflow) = next.addingReportingOverflow(count)
    return next..<(overflow ? .max : end)
  }

  private static func shifted(_ step: UInt64, by offset: Int64) -> UInt64? {
    let (sum, overflow) = step.addingReportingOverflow(UInt64(bitPattern: offset))
    return overflow == (offset < 0) ? sum : nil
  }
}
