import Foundation

struct SpeedReport {
  let connections: Int
  let result: Load.Result
  /// Of the server, in kilobytes.
  let memory: Int?

  private var perSecond: Int { Int(Double(result.latencies.count) / result.seconds) }

  var text: String {
    String(
      format: "%4d connections: %6d verifications/s, p50 %6.2f ms, p99 %6.2f ms, server %d MB%@",
      connections, perSecond, Double(result.percentile(0.5)) / 1_000,
      Double(result.percentile(0.99)) / 1_000, (memory ?? 0) / 1_024,
      result.answers.count > 1 ? " \(result.answers)" : "")
  }

  var json: String {
    """
    {"connections":\(connections),"verifications":\(result.latencies.count),\
    "perSecond":\(perSecond),"p50Microseconds":\(result.percentile(0.5)),\
    "p99Microseconds":\(result.percentile(0.99)),"serverPSSKilobytes":\(memory ?? 0),\
    "accepted":\(result.accepted)}
    """
  }
}

struct DuplicateReport {
  let codes: Int
  let result: Load.Result
  /// Transactions that the store holds as verified.
  let verified: Int
  let violations: [String]

  private var once: Int { result.acceptances.values.count { $0 == 1 } }
  private var twice: Int { result.acceptances.values.count { $0 > 1 } }

  var passes: Bool {
    once == codes && twice == 0 && verified == codes && violations.isEmpty
      && result.answers == ["accepted": codes, "transaction-state": codes]
  }

  var text: String {
    let answers = result.answers.sorted { $0.key < $1.key }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    return """
      \(codes) codes, each sent to two servers at the same instant: \(answers);
      accepted once \(once), twice \(twice), verified in the store \(verified), \
      violated invariants \(violations.count) (audit chain included)
      """ + violations.map { "\n  \($0)" }.joined()
  }

  var json: String {
    """
    {"codes":\(codes),"acceptedOnce":\(once),"acceptedTwice":\(twice),"verified":\(verified),\
    "violations":\(violations.count),"passes":\(passes)}
    """
  }
}
