import OneTimePassword
import SmartCard

/// A card with an OATH application, as programs use it: each operation is one tap, from SELECT on,
/// repeated as a whole when the card or the line was disturbed.
public struct OATHCard: Sendable {
  let channel: any CardChannel
  let access: OATHAccess
  let retry: OATHRetryPolicy
  /// The id the card must have; nil takes any.
  let expectedID: [UInt8]?

  /// - Parameter expectedID: `OATHSelection.id` from an earlier tap. Another card is then refused
  ///   with `card(replaced)`, before its key is tried.
  public init(
    _ channel: any CardChannel, access: OATHAccess = .open, retry: OATHRetryPolicy = .standard,
    expectedID: [UInt8]? = nil
  ) {
    self.channel = TimeLimitedChannel(channel: channel, limit: retry.exchangeLimit)
    self.access = access
    self.retry = retry
    self.expectedID = expectedID
  }

  /// Runs `body` in a session, and again from the start after an error that may pass.
  ///
  /// What `body` does must bear being repeated. A HOTP code is the exception: after
  /// `OATHSession.calculateNext` was sent, nothing is.
  public func perform<Value: Sendable>(
    deadline: ContinuousClock.Instant,
    _ body: @Sendable (inout OATHSession) async throws(OATHError) -> Value
  ) async throws(OATHError) -> Value {
    try await perform(deadline: deadline, access: access, body)
  }

  /// - Parameter access: how the session begins; `open` leaves unlocking to `body`.
  func perform<Value: Sendable>(
    deadline: ContinuousClock.Instant, access: OATHAccess,
    _ body: @Sendable (inout OATHSession) async throws(OATHError) -> Value
  ) async throws(OATHError) -> Value {
    var progress = Progress(cardID: expectedID)
    for attempt in 1...retry.maximumAttempts {
      let error: OATHError
      switch await tap(attempt, &progress, deadline, access, body) {
      case .success(let value): return value
      case .failure(let failure): error = failure
      }
      guard !progress.isFinal, ContinuousClock.now < deadline,
        retry.allowsRepeat(after: error, before: progress.error)
      else { throw error }
      progress.note(error)
    }
    throw progress.error ?? .card(CardError(.deadlinePassed))
  }

  private func tap<Value: Sendable>(
    _ attempt: Int, _ progress: inout Progress, _ deadline: ContinuousClock.Instant,
    _ access: OATHAccess,
    _ body: @Sendable (inout OATHSession) async throws(OATHError) -> Value
  ) async -> Result<Value, OATHError> {
    do throws(OATHError) {
      if attempt > 1 { try await reactivate(deadline) }
      var session = try await OATHSession.open(
        channel, access: access, cardID: &progress.cardID,
        followsInterruption: progress.wasInterrupted, deadline: deadline)
      do throws(OATHError) {
        return .success(try await body(&session))
      } catch {
        progress.isFinal = session.isFinal
        progress.cardID = session.cardID
        throw error
      }
    } catch {
      return .failure(error)
    }
  }

  private func reactivate(_ deadline: ContinuousClock.Instant) async throws(OATHError) {
    do { try await channel.reactivate(deadline: deadline) } catch { throw .card(error) }
  }
}

/// What the taps of one operation have come to.
private struct Progress {
  /// The card that every tap must meet; the first decides where the caller did not.
  var cardID: [UInt8]?
  var error: OATHError?
  /// A tap broke off and its last command may have run.
  var wasInterrupted = false
  var isFinal = false

  mutating func note(_ error: OATHError) {
    self.error = error
    if case .card(let cardError) = error, cardError.commandMayHaveRun { wasInterrupted = true }
  }
}
