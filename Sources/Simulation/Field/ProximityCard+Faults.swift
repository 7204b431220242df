/// What armed faults make of a card's answer.
extension ProximityCard {
  static func departure(_ faults: [CardFault], before: Bool) -> Departure? {
    for fault in faults {
      switch fault {
      case .pullBefore(let returnsAfter) where before: return Departure(returnsAfter: returnsAfter)
      case .pullDuring(let returnsAfter) where !before: return Departure(returnsAfter: returnsAfter)
      default: continue
      }
    }
    return nil
  }

  /// The answer in place of the card's own; `.some(nil)` is silence.
  static func substitute(_ faults: [CardFault]) -> [UInt8]?? {
    for case .answer(let bytes) in faults { return .some(bytes) }
    return nil
  }

  static func alter(_ answer: inout CardAnswer, _ fault: CardFault) {
    switch fault {
    case .late(let duration): answer.lateness += duration
    case .nodeAddress(let address): answer.nodeAddress = address
    case .neverEnds: answer.neverEnds = true
    case .pullBefore, .pullDuring, .answer: break
    }
  }
}
