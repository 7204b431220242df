/// What the driver must mind with this reader.
public struct OpeningCare: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Answers to commands of an earlier time are read away when the reader does not open.
  public static let drainAfterFailure = OpeningCare(rawValue: 1 << 0)
  /// The same before it is opened: something was interrupted.
  public static let drainFirst = OpeningCare(rawValue: 1 << 1)
  /// The chip must not be powered down: it would not wake up.
  public static let leavePowered = OpeningCare(rawValue: 1 << 2)
}
