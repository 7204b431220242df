import OneTimePassword
import SmartCard

extension OATHSession {
  /// LIST: the credentials on the card, in its order.
  public mutating func list() async throws(OATHError) -> [OATHCredential] {
    let answer = try await send(OATHCommand.list, .list)
    return try decoding(.list) { () throws(OATHAnswerFault) in try readListAnswer(answer) }
  }

  /// CALCULATE of a TOTP credential, truncated by the card. May be repeated.
  ///
  /// - Throws: `noSuchCredential`, `touchRequired`.
  public mutating func calculate(
    _ name: OATHName, challenge: OATHChallenge
  ) async throws(OATHError) -> OneTimeCode {
    let command = OATHCommand.calculate(name, challenge: challenge.bytes, truncated: true)
    let answer = try await sendCalculate(command, policy: .oath)
    return try decoding(.calculate) { () throws(OATHAnswerFault) in
      try readTruncatedAnswer(answer)
    }
  }

  /// CALCULATE of a HOTP credential: uses up a code. The card counts, and not all cards start
  /// alike: the first code's counter is the initial one on some, the one after it on others.
  ///
  /// - Throws: `counterMayHaveMoved` when the command may have reached the card and no code came
  ///   back. Never repeat then: ask the person whether to use up another.
  public mutating func calculateNext(_ name: OATHName) async throws(OATHError) -> OneTimeCode {
    let command = OATHCommand.calculate(name, challenge: [], truncated: true)
    try await ensureSelected()
    isFinal = true
    do {
      let answer = try await sendCalculate(command, policy: .oathOnce)
      return try decoding(.calculate) { () throws(OATHAnswerFault) in
        try readTruncatedAnswer(answer)
      }
    } catch .card(let error) {
      if error.commandMayHaveRun { throw .counterMayHaveMoved(error) }
      isFinal = false
      throw .card(error)
    } catch .malformedAnswer {
      throw .counterMayHaveMoved(nil)
    }
  }

  /// CALCULATE of a TOTP credential, the whole HMAC.
  ///
  /// - Throws: `noSuchCredential`, `touchRequired`.
  public mutating func hmac(
    _ name: OATHName, hash: HashFunction, challenge: OATHChallenge
  ) async throws(OATHError) -> [UInt8] {
    let command = OATHCommand.calculate(name, challenge: challenge.bytes, truncated: false)
    let answer = try await sendCalculate(command, policy: .oath)
    return try decoding(.calculate) { () throws(OATHAnswerFault) in
      try readFullAnswer(answer, hash: hash)
    }
  }

  /// CALCULATE ALL for one time step. Credentials of another period are marked, not calculated.
  public mutating func calculateAll(
    _ step: OATHTimeStep
  ) async throws(OATHError) -> [OATHCalculation] {
    let answer = try await send(OATHCommand.calculateAll(step.challenge), .calculateAll)
    let calculations = try decoding(.calculateAll) { () throws(OATHAnswerFault) in
      try readCalculateAllAnswer(answer)
    }
    return calculations.map { calculation in
      guard case .code = calculation.result, calculation.name.period != step.period else {
        return calculation
      }
      return OATHCalculation(
        name: calculation.name, result: .otherPeriod(calculation.name.period))
    }
  }

  /// DELETE.
  ///
  /// - Throws: `noSuchCredential`.
  public mutating func delete(_ name: OATHName) async throws(OATHError) {
    do {
      try await sendPlain(OATHCommand.delete(name), .delete)
    } catch .refused(_, .referenceDataNotUsable) {
      throw .noSuchCredential
    }
  }

  /// DELETE, then PUT: what has this name is replaced, on every card.
  public mutating func put(_ credential: OATHNewCredential) async throws(OATHError) {
    do { try await delete(credential.name) } catch .noSuchCredential {}
    try await sendPlain(try credential.command(), .put)
  }

  private mutating func sendCalculate(
    _ command: CommandAPDU, policy: ExchangePolicy
  ) async throws(OATHError) -> [UInt8] {
    do {
      return try await send(command, .calculate, policy: policy)
    } catch .refused(_, .referenceDataNotUsable) {
      throw .noSuchCredential
    } catch .refused(_, .conditionsNotSatisfied) {
      throw .touchRequired
    }
  }
}
