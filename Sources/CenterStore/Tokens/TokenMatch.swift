import Center
import OneTimePassword
import SmartOTP

/// What a right code moves on a token.
enum TokenMatch {
  case counter(next: UInt64)
  case step(UInt64, drift: Int64)
  /// The question is answered.
  case answer(next: UInt64)
}

extension TokenRow {
  /// The match of one code; nil for a wrong one.
  func match(
    _ code: OneTimeCode, at now: UnixTime, hmac: HMACFunction<any Error>
  ) throws -> TokenMatch? {
    switch method {
    case .hotp(let hotp, let next):
      return try LookAhead.counter(of: code, from: next) { counter in
        try hotp.code(counter: counter, hmac: hmac)
      }.map { .counter(next: $0 + 1) }
    case .totp(let totp, let drift, let last):
      guard let step = totp.counter(at: now.seconds) else { return nil }
      let hotp = HOTP(hash: totp.hash, digits: totp.digits)
      return try LookAhead.step(of: code, at: step, drift: drift, after: last) { counter in
        try hotp.code(counter: counter, hmac: hmac)
      }.map { .step($0, drift: Int64(bitPattern: $0 &- step)) }
    case .ocra(let suite, let next, let question, let expiresAt):
      guard let question, let expiresAt, now < expiresAt else {
        throw Refusal(.proofNotExpected, "no question is open for this token: ask for one first")
      }
      return try OCRAAnswer(suite: suite, question: question, now: now)
        .match(code, from: next, hmac: hmac)
    }
  }

  /// The match of two codes in a row, over a wide window.
  func match(
    _ first: OneTimeCode, then second: OneTimeCode, at now: UnixTime,
    hmac: HMACFunction<any Error>
  ) throws -> TokenMatch? {
    switch method {
    case .hotp(let hotp, let next):
      return try LookAhead.counter(of: first, then: second, from: next) { counter in
        try hotp.code(counter: counter, hmac: hmac)
      }.map { .counter(next: $0 + 2) }
    case .totp(let totp, _, let last):
      guard let step = totp.counter(at: now.seconds) else { return nil }
      let hotp = HOTP(hash: totp.hash, digits: totp.digits)
      return try LookAhead.step(of: first, then: second, at: step, after: last) { counter in
        try hotp.code(counter: counter, hmac: hmac)
      }.map { .step($0, drift: Int64(bitPattern: $0 &- step)) }
    case .ocra:
      throw Refusal(
        .invalidValue, "an OCRA token answers questions: it has nothing to resynchronise")
    }
  }
}

/// The search for an OCRA answer: over counters where the suite has one, over three time steps where
/// it has a time.
private struct OCRAAnswer {
  let suite: OCRASuite
  let question: String
  let now: UnixTime

  func match(
    _ code: OneTimeCode, from next: UInt64, hmac: HMACFunction<any Error>
  ) throws -> TokenMatch? {
    let counters = suite.usesCounter ? next...(next + LookAhead.counters) : next...next
    for counter in counters {
      for time in times where try response(counter: counter, time: time, hmac: hmac) == code {
        return .answer(next: suite.usesCounter ? counter + 1 : next)
      }
    }
    return nil
  }

  private var times: [Int64?] {
    guard let step = suite.timeStep else { return [nil] }
    return [0, -Int64(step), Int64(step)].map { (now + $0).seconds }.filter { $0 >= 0 }
  }

  private func response(
    counter: UInt64, time: Int64?, hmac: HMACFunction<any Error>
  ) throws -> OneTimeCode? {
    let ocra = OCRA(suite)
    let message = try ocra.message(
      OCRAInputs(
        counter: suite.usesCounter ? counter : nil, question: OCRAQuestion(Array(question.utf8)),
        time: time))
    guard case .code(let code) = try ocra.response(to: message, hmac: hmac) else { return nil }
    return code
  }
}
