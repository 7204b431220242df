import Synchronization

/// A code on its way to the displays. It is gone from here for all of them at once.
public final class ShownCode: Sendable, CustomStringConvertible {
  private let digits: Mutex<[UInt8]>
  /// Tells one code from the next: a keyboard types each once.
  public let number: UInt64

  /// - Parameter digits: the values 0 to 9.
  public init(_ digits: [UInt8], number: UInt64) {
    self.digits = Mutex(digits)
    self.number = number
  }

  deinit { wipe() }

  /// Uses the digits, values 0 to 9; none once they were wiped.
  public func withDigits<Result>(_ body: (borrowing [UInt8]) -> Result) -> Result {
    digits.withLock { body($0) }
  }

  /// Overwrites the digits. May be called again.
  public func wipe() {
    digits.withLock { digits in
      digits.withUnsafeMutableBytes { bytes in
        for index in bytes.indices { bytes[index] = 0 }
        withExtendedLifetime(bytes) {}
      }
      digits.removeAll(keepingCapacity: false)
    }
  }

  /// Never the digits.
  public var description: String { "a code" }
}
