/// A button, a keypad or the like.
public protocol CustomerInput: Sendable {
  /// As the configuration calls it.
  var name: String { get }

  /// What is pressed, until the consumer stops; a device that is pulled out is waited for.
  func presses() -> AsyncStream<Press>
}

/// What a person at the appliance may ask for by hand.
public enum Press: Hashable, Sendable {
  case cancel
}
