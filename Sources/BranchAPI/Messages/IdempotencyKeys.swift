import Synchronization

/// Which keyed requests were answered, so that one that is sent again is answered without the centre.
/// Bounded, in memory: for what is forgotten the centre's own record of keys stands in.
final class IdempotencyKeys: Sendable {
  static let capacity = 256

  private enum State {
    case beingAnswered
    case answered(Answer)
  }

  private struct Table {
    var states: [String: (digest: [UInt8], state: State)] = [:]
    /// Oldest first.
    var order: [String] = []
  }

  private let table = Mutex(Table())

  /// The answer that the request had before; nil when it is to be answered now, and then closed with
  /// `end`.
  ///
  /// - Throws: `idempotencyConflict` for another request under the key, and for one that is being
  ///   answered.
  func begin(_ key: String, digest: [UInt8]) throws(BranchProblem) -> Answer? {
    try table.withLock { table throws(BranchProblem) in
      if let known = table.states[key] {
        guard known.digest == digest else { throw BranchProblem(.idempotencyConflict) }
        guard case .answered(let answer) = known.state else {
          throw BranchProblem(
            .idempotencyConflict, "the request with this key is being answered: wait for it")
        }
        return answer
      }
      guard Self.makeRoom(in: &table) else { throw BranchProblem(.busy) }
      table.states[key] = (digest, .beingAnswered)
      table.order.append(key)
      return nil
    }
  }

  /// - Parameter answer: what is said from now on; nil where there is none, and the request may be sent
  ///   again.
  func end(_ key: String, _ answer: Answer?) {
    table.withLock { table in
      if let answer {
        table.states[key]?.state = .answered(answer)
      } else {
        table.states[key] = nil
        table.order.removeAll { $0 == key }
      }
    }
  }

  private static func makeRoom(in table: inout Table) -> Bool {
    guard table.order.count >= capacity else { return true }
    let oldest = table.order.firstIndex { key in
      if case .answered = table.states[key]?.state { true } else { false }
    }
    guard let oldest else { return false }
    table.states[table.order.remove(at: oldest)] = nil
    return true
  }
}
