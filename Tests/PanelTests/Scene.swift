import SmartOTP

@testable import Appliance

/// Pictures for tests, and random sequences of them.
enum Scene {
  static let codeText = "739 164"

  static func code(_ number: UInt64 = 1) -> ShownCode {
    ShownCode([7, 3, 9, 1, 6, 4], number: number)
  }

  static let fields = [
    TransactionField(label: "payee", value: "시험용 수취인"),
    TransactionField(label: "account", value: "110-222-333333"),
    TransactionField(label: "amount", value: "KRW 1500000"),
  ]

  static func transaction(_ fields: [TransactionField] = fields, id: String = "T-1") -> Transaction
  {
    Transaction(
      id: TransactionID(accepted: id), institution: InstitutionCode(accepted: "004"),
      card: CardIdentity(
        vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678")),
      kind: .transfer, fields: fields, reference: nil, state: .claimed, createdAt: UnixTime(0),
      expiresAt: UnixTime(300), attemptsLeft: 5, nonce: "000102030405060708090a0b0c0d0e0f",
      challengeTime: UnixTime(1))
  }

  static let idle = Picture(.screen(.idle(centerIsThere: true)))
  static let blank = Picture(.blank)

  static func asking(
    _ fields: [TransactionField] = fields, secondsLeft: Int? = 60, language: Language = .english
  ) -> Picture {
    Picture(
      .screen(.transaction(transaction(fields), until: Moment(milliseconds: 0))),
      secondsLeft: secondsLeft, language: language)
  }

  static func showing(
    _ code: ShownCode = code(), secondsLeft: Int? = 60, language: Language = .english
  ) -> Picture {
    Picture(
      .code(code, for: .transaction(transaction())), secondsLeft: secondsLeft, language: language)
  }

  static let offer = Offer(
    transaction: TransactionID(accepted: "T-1"), card: transaction().card,
    until: Moment(milliseconds: 0))

  /// Every screen without a transaction, some with notices and time.
  static let quietPictures: [Picture] =
    [
      .idle(centerIsThere: true), .idle(centerIsThere: false), .readerLost, .reading, .making,
      .tapCard(offer), .restricted([.copiedState, .platformTooOld]), .restricted([]),
    ].map { Picture(.screen($0)) } + [
      Picture(.screen(.reading), notice: .card(.otherCard), secondsLeft: 7),
      Picture(.screen(.idle(centerIsThere: true)), notice: .timedOut, language: .korean),
      Picture(.screen(.tapCard(offer)), secondsLeft: 119, language: .hindi), blank,
    ]

  /// Up to `count` pictures at random, a code among them, and at the end one without it.
  static func sequence(
    _ generator: inout SeededGenerator, count: Int
  ) -> [Picture] {
    var pictures: [Picture] = []
    for number in 0..<Int.random(in: 1...count, using: &generator) {
      let left = Int.random(in: 0...60, using: &generator)
      let language = Language.allCases.randomElement(using: &generator) ?? .english
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: pictures.append(asking(secondsLeft: left, language: language))
      case 1, 2:
        pictures.append(showing(code(UInt64(number)), secondsLeft: left, language: language))
      default: pictures.append(quietPictures.randomElement(using: &generator) ?? idle)
      }
    }
    return pictures + [
      showing(secondsLeft: 3), quietPictures.randomElement(using: &generator) ?? idle,
    ]
  }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
