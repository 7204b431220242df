/// Which kind of card to ask for next, so that one card costs one command and two cards of
/// different kinds do not pass for one.
///
/// The chip lists one kind at a time. While a search goes on both kinds are asked in turn, so a
/// card found right after the other kind was seen absent is alone. Only the first find after
/// opening may need a second look.
public struct CardSearch: Equatable, Sendable {
  public enum Verdict: Equatable, Sendable {
    /// Nothing yet: list `kind`.
    case keepLooking
    /// The cards in the field. The last command activated them.
    case found([PassiveTarget])
  }

  private enum Step: Equatable, Sendable {
    case looking
    /// One kind was found; is the other kind there as well?
    case confirming([PassiveTarget])
    /// It is not, but looking for it dropped the card found: activate that one again.
    case returning
  }

  /// The kind to list next.
  public private(set) var kind: TargetKind
  private let kinds: [TargetKind]
  private var step = Step.looking
  private var seenAbsent: [TargetKind] = []

  /// Starts with Type B: it is the rarer one, and once it was seen absent a Type A card needs no
  /// second look.
  public init(supportsTypeB: Bool) {
    kinds = supportsTypeB ? [.typeA, .typeB] : [.typeA]
    kind = supportsTypeB ? .typeB : .typeA
  }

  /// Begins another search on a reader that has been searching before: Type A first, as most cards
  /// are. What was seen absent stays so.
  public mutating func restart() {
    step = .looking
    kind = .typeA
  }

  private var other: TargetKind { kinds.first { $0 != kind } ?? kind }

  /// Takes the answer to listing `kind`.
  public mutating func report(_ targets: [PassiveTarget]) -> Verdict {
    switch step {
    case .looking where targets.isEmpty:
      if !seenAbsent.contains(kind) { seenAbsent.append(kind) }
      kind = other
      return .keepLooking
    case .looking:
      if targets.count > 1 || other == kind || seenAbsent.contains(other) {
        return .found(targets)
      }
      step = .confirming(targets)
      kind = other
      return .keepLooking
    case .confirming(let first):
      if targets.isEmpty {
        seenAbsent.append(kind)
        step = .returning
        kind = other
        return .keepLooking
      }
      step = .looking
      return .found(first + targets)
    case .returning:
      step = .looking
      return targets.isEmpty ? .keepLooking : .found(targets)
    }
  }
}
