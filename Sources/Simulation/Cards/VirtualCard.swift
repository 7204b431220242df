/// A card as the field sees it: what it says when activated, and what it answers.
///
/// A card may be called from the simulator's thread and from a test's; it guards its own state.
public protocol VirtualCard: AnyObject, Sendable {
  var activation: CardActivation { get }

  /// Whether the card asks for a waiting time extension when it computes longer than its frame
  /// waiting time, as an honest card does.
  var extendsWaitingTime: Bool { get }

  /// The field came on, or the card entered it: volatile state is gone.
  func powerUp()

  /// Answers one APDU, or one raw frame for a card without ISO-DEP.
  func process(_ command: [UInt8]) -> CardAnswer
}

extension VirtualCard {
  public var extendsWaitingTime: Bool { true }
  public func powerUp() {}
}

/// What a card does with a command.
public struct CardAnswer: Sendable, Equatable {
  /// The response; nil is a card that stays mute.
  public var bytes: [UInt8]?
  /// How long the card computes.
  public var computing: Duration
  /// Lateness on top, which no pacing waives.
  public var lateness: Duration = .zero
  /// A node address to put in front of the answer (ISO/IEC 14443-4 §7.1.1.3).
  public var nodeAddress: UInt8?
  /// Announces another block after every block, for ever.
  public var neverEnds = false

  public init(_ bytes: [UInt8]?, computing: Duration = .zero) {
    self.bytes = bytes
    self.computing = computing
  }
}
