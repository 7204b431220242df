/// Something that can never be in a sound store.
public struct InvariantViolation: Hashable, Sendable, CustomStringConvertible {
  /// What always holds, in a sentence.
  public let rule: String
  /// Which row breaks it.
  public let place: String

  public var description: String { "\(rule): \(place)" }
}
