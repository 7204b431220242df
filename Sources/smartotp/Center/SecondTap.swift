import CenterClient
import DeviceIdentity
import OTPCard
import OneTimePassword
import Reader
import SmartCard
import SmartOTP

/// The tap that confirms: the same card, laid on after the transaction was shown.
struct SecondTap {
  let card: StoredCard
  let transaction: Transaction
  let tap: DeviceTap
  let client: CenterClient
  /// Seconds.
  let wait: Double

  /// Waits for the tap, claims the transaction, and gives the code out.
  ///
  /// - Parameters:
  ///   - first: has watched the reader since the first tap.
  ///   - lifted: called when the reader is free for the second tap.
  func run(
    _ first: PresenceWatch, lifted: () -> Void, show: (OneTimeCode, Transaction) -> Void
  ) async throws {
    let end = ContinuousClock.now + .seconds(wait + ConfirmCommand.readingTime)
    var watch = first
    while true {
      let before = watch.entries
      if await watch.departure(after: before) { lifted() }
      do throws(ReaderError) { try await watch.nextEntry(after: before) } catch {
        await watch.stop()
        throw error == .noCard ? Self.notConfirmed : CommandFailure(error)
      }
      await watch.stop()
      let channel = try await activate(until: end)
      switch try await code(from: channel) {
      case .made(let code, let claimed): return show(code, claimed)
      case .plea(let plea):
        StandardError.line("smartotp: \(plea)")
        watch = PresenceWatch(channel, on: tap.reader, until: end)
      }
    }
  }

  private static let notConfirmed = CommandFailure(
    "the card was not tapped again; the transaction is not confirmed", .tryAgain)

  private enum Result {
    case made(OneTimeCode, Transaction)
    /// What the person must do.
    case plea(String)
  }

  /// The watch lets go of the reader a moment after it was stopped.
  private func activate(until end: ContinuousClock.Instant) async throws -> any ActivatedCard {
    for _ in 0..<100 {
      do throws(ReaderError) {
        return try await tap.reader.awaitCard(deadline: end)
      } catch {
        guard error == .busy else { throw CommandFailure(error) }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    throw CommandFailure(.busy)
  }

  private func code(from channel: any ActivatedCard) async throws -> Result {
    guard let key = OATHAccessKey(card.accessKey) else {
      throw CenterServiceError.malformedAnswer("the access key")
    }
    let deadline = ContinuousClock.now + ReaderSession.tapTime
    let oath = OATHCard(channel, access: .required(key), expectedID: card.applicationID)
    let credential = try SmartOTPCredential(card.card)
    do {
      // A claim voids the code before it: not for a card that is not the one.
      try await oath.perform(deadline: deadline) { _ throws(OATHError) in }
      let claimed = try await claim()
      let code = try await oath.transactionCode(
        of: credential, challenge: try challenge(of: claimed), deadline: deadline)
      return .made(code, claimed)
    } catch let error as OATHError {
      guard let plea = error.secondTapPlea(card.card) else { throw error }
      return .plea(plea)
    }
  }

  private func challenge(of claimed: Transaction) throws -> TransactionChallenge {
    do { return try claimed.challenge() } catch {
      throw CommandFailure("the transaction cannot be vouched for (\(error))", .badData)
    }
  }

  private func claim() async throws -> Transaction {
    let claimed = try await client.claim(transaction.id, with: card.card)
    // What is vouched for must be what was shown.
    guard claimed.id == transaction.id, claimed.institution == transaction.institution,
      claimed.card == transaction.card, claimed.kind == transaction.kind,
      claimed.fields == transaction.fields, claimed.createdAt == transaction.createdAt
    else {
      throw CommandFailure(
        "the centre changed the transaction after it was shown; nothing is confirmed", .badData)
    }
    return claimed
  }
}

extension OATHError {
  /// What to ask for at the second tap, where another tap may do.
  fileprivate func secondTapPlea(_ card: CardIdentity) -> String? {
    switch self {
    case .card(let error) where error.reason == .replaced: Self.otherCard(card)
    case .wrongAccessKey, .accessKeyMissing, .applicationMissing, .noSuchCredential:
      Self.otherCard(card)
    case .card: plea
    default: nil
    }
  }

  private static func otherCard(_ card: CardIdentity) -> String {
    "this is another card and confirms nothing: tap \(card) again"
  }
}
