/// What to ask the field next, so that one card costs one command and two cards of different kinds
/// do not pass for one.
///
/// The chip lists one kind at a time. While a search goes on both kinds are asked in turn, so a
/// card found right after the other kind was seen absent is alone. Only the first find after
/// opening may need a second look. A card that is expected by its UID is asked for by it, which
/// spares the chip the search for a second one.
public struct CardSearch: Equatable, Sendable {
  public enum Query: Equatable, Sendable {
    case list(TargetKind)
    case select(uid: [UInt8])

    public var kind: TargetKind {
      switch self {
      case .list(let kind): kind
      case .select: .typeA
      }
    }

    public var command: ChipCommand {
      switch self {
      case .list(let kind): kind.listCommand
      case .select(let uid): ChipCommand.selectTypeA(uid: uid) ?? .listTypeA
      }
    }
  }

  public enum Verdict: Equatable, Sendable {
    /// Nothing yet: ask `query`.
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

  /// What to ask next.
  public private(set) var query: Query
  private let supportsTypeB: Bool
  private var expected: [UInt8]?
  private var step = Step.looking
  private var seenAbsent: [TargetKind] = []

  /// Starts with Type B: it is the rarer one, and once it was seen absent a Type A card needs no
  /// second look.
  public init(supportsTypeB: Bool) {
    self.supportsTypeB = supportsTypeB
    query = .list(supportsTypeB ? .typeB : .typeA)
  }

  /// Begins another search. On a reader that has been searching before the expected card comes
  /// first, else Type A, as most cards are; what was seen absent stays so.
  ///
  /// - Parameter uid: of a Type A card that is likely to come; one that may change is of no use.
  public mutating func restart(expecting uid: [UInt8]? = nil) {
    step = .looking
    expected = uid.flatMap { ChipCommand.selectTypeA(uid: $0) == nil ? nil : $0 }
    if let expected {
      query = .select(uid: expected)
    } else if !seenAbsent.isEmpty {
      query = .list(.typeA)
    }
  }

  private func other(than kind: TargetKind) -> TargetKind {
    kind == .typeA && supportsTypeB ? .typeB : .typeA
  }

  /// Takes the answer to `query`.
  public mutating func report(_ targets: [PassiveTarget]) -> Verdict {
    switch (step, query) {
    case (.looking, .select): reportExpected(targets)
    case (.looking, .list(let kind)): reportListed(targets, kind)
    case (.confirming(let first), _): reportOther(targets, first)
    case (.returning, _): reportReturned(targets)
    }
  }

  private mutating func reportExpected(_ targets: [PassiveTarget]) -> Verdict {
    guard targets.isEmpty else { return .found(targets) }
    query = .list(.typeA)
    return .keepLooking
  }

  private mutating func reportListed(
    _ targets: [PassiveTarget], _ kind: TargetKind
  ) -> Verdict {
    let other = other(than: kind)
    if targets.isEmpty {
      if !seenAbsent.contains(kind) { seenAbsent.append(kind) }
      if let expected, other == .typeA {
        query = .select(uid: expected)
      } else {
        query = .list(other)
      }
      return .keepLooking
    }
    if targets.count > 1 || other == kind || seenAbsent.contains(other) { return .found(targets) }
    step = .confirming(targets)
    query = .list(other)
    return .keepLooking
  }

  private mutating func reportOther(
    _ targets: [PassiveTarget], _ first: [PassiveTarget]
  ) -> Verdict {
    let kind = query.kind
    guard targets.isEmpty else {
      step = .looking
      return .found(first + targets)
    }
    seenAbsent.append(kind)
    step = .returning
    query = .list(other(than: kind))
    return .keepLooking
  }

  private mutating func reportReturned(_ targets: [PassiveTarget]) -> Verdict {
    step = .looking
    return targets.isEmpty ? .keepLooking : .found(targets)
  }
}
