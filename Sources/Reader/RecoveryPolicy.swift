/// What getting a reader back must mind and may do: a property of the product, which the program
/// knows and the connection does not.
public struct RecoveryPolicy: Sendable {
  /// Whether its answers may come one command late after an interruption, and are to be read away
  /// before it is opened again.
  public var drainsLateAnswers: Bool
  /// Whether its chip does not wake up once it was powered down, and is left powered.
  public var leavesPowered: Bool
  /// What may be done to its port, the mildest first, when neither opening the reader again nor a
  /// new driver helped; each once until the reader works again. Without any nothing is ever done
  /// to a port.
  public var portActions: [PortAction]

  public init(
    drainsLateAnswers: Bool = false, leavesPowered: Bool = false, portActions: [PortAction] = []
  ) {
    self.drainsLateAnswers = drainsLateAnswers
    self.leavesPowered = leavesPowered
    self.portActions = portActions
  }

  /// For readers nothing is known about: they are opened again, and that is all.
  public static let cautious = RecoveryPolicy()
}

/// A way to revive a reader by its port.
public struct PortAction: Sendable {
  public enum Kind: Hashable, Sendable {
    case reset
    case powerCycle
  }

  public var kind: Kind
  /// How long it takes at most. With less time than this it is not begun: a port must not be left
  /// without power.
  public var duration: Duration
  /// Does it, and says whether it could. Blocks its thread; called once at a time.
  public var perform: @Sendable () -> Bool

  public init(_ kind: Kind, duration: Duration, perform: @escaping @Sendable () -> Bool) {
    self.kind = kind
    self.duration = duration
    self.perform = perform
  }
}

/// One step on the way back to a reader.
public enum RecoveryStep: Hashable, Sendable {
  /// The reader is opened again by the driver that is there.
  case reopening
  /// Its driver is ended, and another one started.
  case restartingDriver
  case portAction(PortAction.Kind)
  /// The port could not be reset or switched.
  case portActionFailed(PortAction.Kind)
}
