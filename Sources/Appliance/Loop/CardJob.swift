import DeviceIdentity
import OTPCard
import OneTimePassword
import Reader
import SmartCard
import SmartOTP

/// What a card on the reader is to do.
enum CardJob: Sendable {
  /// Say which card it is, and prove it.
  case identify(Attempt, among: [StoredCard])
  /// Make the code of a transaction; the card must be this one.
  case makeCode(Attempt, Transaction, StoredCard)
  /// Make a plain TOTP code of the first of these credentials that it has.
  case makePlainCode(Attempt, StoredCard, [String])
  /// Nothing: it is waited out.
  case none
}

/// What became of it.
enum CardJobResult: Sendable {
  case identified(StoredCard, Attempt)
  case codeMade(OneTimeCode, Attempt)
  case plainCodeMade(OATHCode, Attempt)
  case failed(CardTrouble, CardJob)
}

extension CardJob {
  func run(
    on channel: any CardChannel, deadline: ContinuousClock.Instant
  ) async -> CardJobResult? {
    do throws(OATHError) {
      switch self {
      case .none: return nil
      case .identify(let attempt, let cards):
        let candidates = cards.compactMap { card in
          OATHAccessKey(card.accessKey).map { OATHCandidate(id: card.applicationID, accessKey: $0) }
        }
        guard candidates.count == cards.count,
          let index = try await OATHCard(channel).recognize(among: candidates, deadline: deadline)
        else { return .failed(.notRegistered, self) }
        return .identified(cards[index], attempt)
      case .makeCode(let attempt, let transaction, let card):
        return .codeMade(try await code(of: transaction, card, channel, deadline), attempt)
      case .makePlainCode(let attempt, let card, let names):
        return .plainCodeMade(try await plainCode(card, names, channel, deadline), attempt)
      }
    } catch {
      return .failed(trouble(of: error), self)
    }
  }

  private func code(
    of transaction: Transaction, _ card: StoredCard, _ channel: any CardChannel,
    _ deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OneTimeCode {
    guard let key = OATHAccessKey(card.accessKey), let challenge = try? transaction.challenge(),
      let credential = try? SmartOTPCredential(
        vendorCode: card.card.vendorCode.text, serial: card.card.serial.text)
    else { throw .unsuitableCredential }
    return try await OATHCard(
      channel, access: .required(key), expectedID: card.applicationID
    ).transactionCode(of: credential, challenge: challenge, deadline: deadline)
  }

  private func plainCode(
    _ card: StoredCard, _ names: [String], _ channel: any CardChannel,
    _ deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> OATHCode {
    guard let key = OATHAccessKey(card.accessKey),
      let time = UInt64(exactly: ApplianceClock.unixTime().seconds)
    else { throw .unsuitableCredential }
    return try await OATHCard(
      channel, access: .required(key), expectedID: card.applicationID
    ).plainCode(ofFirst: names, at: time, deadline: deadline)
  }

  private func trouble(of error: OATHError) -> CardTrouble {
    if case .makePlainCode = self, error == .noSuchCredential { return .noPlainCode }
    let isFirstTap = if case .identify = self { true } else { false }
    return switch error {
    case .applicationMissing, .accessKeyMissing: isFirstTap ? .notSmartOTP : .otherCard
    case .wrongAccessKey, .noSuchCredential: isFirstTap ? .notRegistered : .otherCard
    case .card(let error): CardTrouble(error.reason)
    default: .faulty
    }
  }
}

extension CardTrouble {
  init(_ reason: CardError.Reason) {
    self =
      switch reason {
      case .removed, .timedOut, .transmission, .deadlinePassed, .reader: .gone
      case .replaced: .otherCard
      default: .faulty
      }
  }

  /// What `ReaderConnection.awaitCard` found instead of a card that can be used; nil for errors of
  /// the reader.
  init?(_ error: ReaderError) {
    switch error {
    case .severalCards: self = .several
    case .unsuitableCard: self = .notSmartOTP
    case .malformedCard: self = .faulty
    default: return nil
    }
  }
}
