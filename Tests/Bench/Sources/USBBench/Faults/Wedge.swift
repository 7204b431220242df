/// A reader that takes everything and answers nothing, and what brings it back.
public enum Wedge: Equatable, Sendable {
  /// So many resets, or a moment without power.
  case untilReset(Int)
  /// A moment without power only.
  case untilPowerOff

  var afterReset: Wedge? {
    switch self {
    case .untilReset(let count): count > 1 ? .untilReset(count - 1) : nil
    case .untilPowerOff: self
    }
  }
}
