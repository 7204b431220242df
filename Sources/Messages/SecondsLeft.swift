/// How a language says that so many seconds are left. The number stands first in all of ours.
public struct SecondsLeft: Sendable {
  /// What follows the number 1.
  let one: String
  /// What follows any other.
  let other: String

  public func callAsFunction(_ seconds: Int) -> String {
    let shown = max(0, seconds)
    return "\(shown)\(shown == 1 ? one : other)"
  }
}
