import Center
import SmartOTP
import Testing

@Suite("What may be done to a card")
struct CardStandingTests {
  /// Every step from every state, as the protocol has it.
  static let table: [CardStep: [CardState: Expected]] = [
    .keysBegun: [
      .reserved: .unchanged, .keyed: .unchanged, .active: .refused(.cardState),
      .lost: .refused(.cardLost), .retired: .refused(.cardState),
    ],
    .keysWritten: [
      .reserved: .becomes(.keyed), .keyed: .becomes(.keyed), .active: .refused(.cardState),
      .lost: .refused(.cardLost), .retired: .refused(.cardState),
    ],
    .activation: [
      .reserved: .refused(.proofNotExpected), .keyed: .becomes(.active),
      .active: .refused(.proofNotExpected), .lost: .refused(.cardLost),
      .retired: .refused(.cardState),
    ],
    .abandonment: [
      .reserved: .becomes(.retired), .keyed: .becomes(.retired), .active: .refused(.cardState),
      .lost: .refused(.cardLost), .retired: .unchanged,
    ],
    .loss: [
      .reserved: .refused(.cardState), .keyed: .refused(.cardState), .active: .becomes(.lost),
      .lost: .unchanged, .retired: .refused(.cardState),
    ],
    .retirement: [
      .reserved: .refused(.cardState), .keyed: .refused(.cardState), .active: .becomes(.retired),
      .lost: .refused(.cardLost), .retired: .unchanged,
    ],
  ]

  enum Expected: Equatable {
    case becomes(CardState)
    case unchanged
    case refused(RefusalCode)

    init(_ outcome: CardStepOutcome) {
      switch outcome {
      case .becomes(let state): self = .becomes(state)
      case .unchanged: self = .unchanged
      case .refused(let refusal): self = .refused(refusal.code)
      }
    }
  }

  @Test("Each step from each state does what the table says", arguments: CardStep.allCases)
  func steps(step: CardStep) throws {
    for state in CardState.allCases {
      let outcome = CardStanding(state: state, wrongCodes: 0).outcome(of: step)
      #expect(Expected(outcome) == Self.table[step]?[state], "\(step) from \(state)")
    }
  }

  @Test("No step takes a card where the domain says it may not go", arguments: CardStep.allCases)
  func stepsAreLegal(step: CardStep) {
    for state in CardState.allCases {
      if case .becomes(let next) = CardStanding(state: state, wrongCodes: 0).outcome(of: step) {
        #expect(state.mayBecome(next))
      }
    }
  }

  @Test("Only an active card with fewer than ten wrong codes is used")
  func use() {
    for state in CardState.allCases {
      for wrongCodes in 0...10 {
        let refusal = CardStanding(state: state, wrongCodes: wrongCodes).useRefusal
        switch (state, wrongCodes) {
        case (.active, 0..<10): #expect(refusal == nil)
        case (.active, _): #expect(refusal?.code == .cardLocked)
        case (.lost, _): #expect(refusal?.code == .cardLost)
        default: #expect(refusal?.code == .cardState)
        }
      }
    }
  }
}
