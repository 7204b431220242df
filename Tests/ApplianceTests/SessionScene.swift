import SmartOTP

@testable import Appliance

/// Names, transactions and a clock for session tests.
struct SessionScene {
  static let card = CardIdentity(
    vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678"))
  static let otherCard = CardIdentity(
    vendorCode: VendorCode(accepted: "B02"), serial: Serial(accepted: "87654321"))

  var session = Session()
  var now = Moment(milliseconds: 0)
  private(set) var effects: [SessionEffect] = []

  static func transaction(
    _ id: String = "T-1", card: CardIdentity = card, state: TransactionState = .claimed
  ) -> Transaction {
    Transaction(
      id: TransactionID(accepted: id), institution: InstitutionCode(accepted: "004"), card: card,
      kind: .transfer, fields: [], reference: nil, state: state, createdAt: UnixTime(0),
      expiresAt: UnixTime(300), attemptsLeft: 5, nonce: "000102030405060708090a0b0c0d0e0f",
      challengeTime: UnixTime(1))
  }

  static func offer(
    _ id: String = "T-1", card: CardIdentity = card, until: Int64 = 300_000
  ) -> Offer {
    Offer(
      transaction: TransactionID(accepted: id), card: card,
      until: Moment(milliseconds: until))
  }

  /// One event, `after` milliseconds from the last.
  @discardableResult
  mutating func step(_ event: SessionEvent, after milliseconds: Int64 = 0) -> [SessionEffect] {
    now = now + milliseconds
    effects = session.step(event, at: now)
    return effects
  }

  /// The attempt that the last effects asked for.
  var attempt: Attempt {
    for case .some(let attempt) in effects.map(\.attempt) { return attempt }
    return Attempt(number: 0)
  }

  /// Puts the card on the reader and takes it away again.
  mutating func tap() {
    step(.cardEntered, after: 1000)
  }

  /// Up to the transaction on display, the card lying on the reader.
  mutating func present(_ id: String = "T-1") {
    step(.pushed(Self.offer(id, until: now.milliseconds + 300_000)))
    tap()
    step(.identified(Self.card, attempt))
    step(
      .claimed(Self.transaction(id), codeUntil: now + 180_000, attempt))
  }

  /// Up to the card making the code.
  mutating func generate() {
    present()
    step(.cardLeft, after: 500)
    tap()
  }

  /// Up to the offer of a plain code, the centre away and the card lying on the reader.
  mutating func offerPlainCode() {
    step(.plainCodes(arePossible: true))
    step(.centerLost)
    tap()
    step(.identified(Self.card, attempt))
    step(.lookUpFailed(.unreachable, attempt))
  }

  /// Up to the card making a plain code.
  mutating func generatePlainCode() {
    offerPlainCode()
    step(.cardLeft, after: 500)
    tap()
  }

  mutating func show() {
    generate()
    step(.codeMade(attempt), after: 100)
  }
}

extension SessionEffect {
  var attempt: Attempt? {
    switch self {
    case .identify(let attempt), .lookUp(_, let attempt), .claim(_, _, let attempt),
      .makeCode(_, let attempt), .makePlainCode(_, let attempt), .showCode(let attempt, _),
      .discardCode(let attempt):
      attempt
    case .wipeCode, .cancel, .display, .notice: nil
    }
  }
}
