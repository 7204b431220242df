import Center
import SmartOTP
import Testing

@Suite("What may be done to a transaction")
struct TransactionStandingTests {
  static let card = CardStanding(state: .active, wrongCodes: 0)
  static let claimTime = UnixTime(1000)
  static let end = UnixTime(1300)

  private func standing(
    _ state: TransactionState, attemptsLeft: Int = 5, card: CardStanding = card,
    challengeTime: UnixTime? = nil
  ) -> TransactionStanding {
    let isClaimed = state == .claimed || state == .verified || state == .rejected
    return TransactionStanding(
      state: state, attemptsLeft: attemptsLeft, expiresAt: Self.end,
      challengeTime: challengeTime ?? (isClaimed ? Self.claimTime : nil), card: card)
  }

  static let closed: [TransactionState: RefusalCode] = [
    .verified: .transactionState, .rejected: .transactionState, .cancelled: .transactionState,
    .expired: .transactionExpired,
  ]

  @Test("An open transaction is claimed until it runs out", arguments: TransactionState.allCases)
  func claims(state: TransactionState) {
    let standing = standing(state)
    if let code = Self.closed[state] {
      #expect(standing.claimRefusal(at: UnixTime(1299))?.code == code)
    } else {
      #expect(standing.claimRefusal(at: UnixTime(1299)) == nil)
      #expect(standing.claimRefusal(at: Self.end)?.code == .transactionExpired)
    }
  }

  @Test("A card that makes no codes claims nothing and verifies nothing")
  func unusableCards() {
    for state in CardState.allCases where state != .active {
      let standing = standing(.claimed, card: CardStanding(state: state, wrongCodes: 0))
      #expect(standing.claimRefusal(at: Self.claimTime) != nil)
      #expect(standing.verificationRefusal(at: Self.claimTime) != nil)
    }
    let locked = standing(.claimed, card: CardStanding(state: .active, wrongCodes: 10))
    #expect(locked.claimRefusal(at: Self.claimTime)?.code == .cardLocked)
    #expect(locked.verificationRefusal(at: Self.claimTime)?.code == .cardLocked)
  }

  @Test("Each claim has a challenge time later than any before, whatever the clock says")
  func challengeTimes() {
    #expect(standing(.pending).nextChallengeTime(at: UnixTime(7)) == UnixTime(7))
    for now in [UnixTime(500), UnixTime(1000)] {
      #expect(standing(.claimed).nextChallengeTime(at: now) == UnixTime(1001))
    }
    #expect(standing(.claimed).nextChallengeTime(at: UnixTime(1100)) == UnixTime(1100))
  }

  @Test("A code is looked at for three minutes from the claim, of a claimed transaction only")
  func verification() {
    for state in TransactionState.allCases {
      let refusal = standing(state).verificationRefusal(at: UnixTime(1179))
      switch state {
      case .claimed: #expect(refusal == nil)
      case .pending: #expect(refusal?.code == .transactionState)
      default: #expect(refusal?.code == Self.closed[state])
      }
    }
    #expect(
      standing(.claimed).verificationRefusal(at: UnixTime(1180))?.code == .transactionExpired)
  }

  @Test("A transaction has run out when it can neither be claimed nor answered")
  func expiry() {
    #expect(!standing(.pending).hasExpired(at: UnixTime(1299)))
    #expect(standing(.pending).hasExpired(at: Self.end))
    let late = standing(.claimed, challengeTime: UnixTime(1290))
    #expect(!late.hasExpired(at: UnixTime(1469)))
    #expect(late.hasExpired(at: UnixTime(1470)))
    #expect(late.verificationRefusal(at: UnixTime(1469)) == nil)
    #expect(!standing(.verified).hasExpired(at: UnixTime(9999)))
  }

  @Test("A right code verifies and clears the card's count, at every count")
  func rightCodes() {
    for attemptsLeft in 1...5 {
      for wrongCodes in 0...9 {
        let standing = standing(
          .claimed, attemptsLeft: attemptsLeft,
          card: CardStanding(state: .active, wrongCodes: wrongCodes))
        let outcome = standing.outcome(codeIsRight: true)
        #expect(outcome.result == .accepted)
        #expect(outcome.state == .verified)
        #expect(outcome.wrongCodes == 0)
        #expect(outcome.attemptsLeft == attemptsLeft)
        #expect(!outcome.locksCard)
      }
    }
  }

  @Test("A wrong code costs an attempt and counts on the card; the last ones reject and lock")
  func wrongCodes() {
    for attemptsLeft in 1...5 {
      for wrongCodes in 0...9 {
        let standing = standing(
          .claimed, attemptsLeft: attemptsLeft,
          card: CardStanding(state: .active, wrongCodes: wrongCodes))
        let outcome = standing.outcome(codeIsRight: false)
        #expect(outcome.result == .wrong)
        #expect(outcome.attemptsLeft == attemptsLeft - 1)
        #expect(outcome.state == (attemptsLeft == 1 ? .rejected : .claimed))
        #expect(outcome.wrongCodes == wrongCodes + 1)
        #expect(outcome.locksCard == (wrongCodes == 9))
      }
    }
  }

  @Test("What is open is cancelled, what is cancelled stays so, the rest refuses")
  func cancellation() {
    for state in TransactionState.allCases {
      let refusal = standing(state).cancellationRefusal(at: Self.claimTime)
      switch state {
      case .pending, .claimed, .cancelled: #expect(refusal == nil)
      default: #expect(refusal?.code == Self.closed[state])
      }
    }
    #expect(standing(.pending).cancellationRefusal(at: Self.end)?.code == .transactionExpired)
  }
}
