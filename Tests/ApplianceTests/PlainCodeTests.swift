import SmartOTP
import Testing

@testable import Appliance

@Suite("Plain codes while the centre is away")
struct PlainCodeTests {
  var scene = SessionScene()

  @Test("Two taps make a plain code, which is shown until its own time is over")
  mutating func wholeStory() {
    scene.step(.plainCodes(arePossible: true))
    #expect(scene.step(.centerLost) == [.display(.idleForPlainCodes)])
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    #expect(
      scene.step(.lookUpFailed(.unreachable, scene.attempt))
        == [.display(.plainCode(until: scene.now + 60_000))])
    #expect(scene.session.phase.transaction == nil)
    scene.step(.cardLeft, after: 500)
    #expect(
      scene.step(.cardEntered, after: 1000)
        == [.display(.making), .makePlainCode(SessionScene.card, scene.attempt)])
    let attempt = scene.attempt
    #expect(
      scene.step(.codeMade(attempt, until: scene.now + 41_000))
        == [.showCode(attempt, until: scene.now + 41_000)])
    #expect(scene.step(.tick, after: 41_000) == [.wipeCode, .display(.idleForPlainCodes)])
  }

  @Test("A plain code whose time is longer is gone after a minute all the same")
  mutating func minute() {
    scene.generatePlainCode()
    let attempt = scene.attempt
    #expect(
      scene.step(.codeMade(attempt, until: scene.now + 90_000))
        == [.showCode(attempt, until: scene.now + 60_000)])
  }

  @Test("A plain code that is over already is not shown")
  mutating func over() {
    scene.generatePlainCode()
    let effects = scene.step(.codeMade(scene.attempt, until: scene.now))
    #expect(effects.first == .wipeCode)
    #expect(effects.last == .notice(.card(.faulty)))
  }

  @Test("Where they are not wanted, or the clock is not set, the centre's absence is all there is")
  mutating func notPossible() {
    #expect(scene.step(.centerLost) == [.display(.idle(centerIsThere: false))])
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    #expect(
      scene.step(.lookUpFailed(.unreachable, scene.attempt))
        == [.notice(.center(.unreachable)), .display(.idle(centerIsThere: false))])
  }

  @Test("A refusal of the centre is no absence")
  mutating func refused() {
    scene.step(.plainCodes(arePossible: true))
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    scene.step(.lookUpFailed(.cardLost, scene.attempt))
    #expect(scene.session.phase == .idle)
  }

  @Test("A centre that does not answer in time is away")
  mutating func silence() {
    scene.step(.plainCodes(arePossible: true))
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    #expect(
      scene.step(.tick, after: 10_000) == [.display(.plainCode(until: scene.now + 60_000))])
  }

  @Test("A pushed transaction that nobody could claim gives no plain code")
  mutating func pushed() {
    scene.step(.plainCodes(arePossible: true))
    scene.step(.pushed(SessionScene.offer(card: SessionScene.otherCard)))
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    scene.step(.lookUpFailed(.unreachable, scene.attempt))
    guard case .awaitingCard = scene.session.phase else {
      Issue.record("\(scene.session.phase)")
      return
    }
  }

  @Test("The centre's return takes the offer back, and leaves a code that is made or shown")
  mutating func centerBack() {
    scene.offerPlainCode()
    #expect(scene.step(.centerBack) == [.display(.idle(centerIsThere: true))])
    scene = SessionScene()
    scene.generatePlainCode()
    let attempt = scene.attempt
    #expect(scene.step(.centerBack).isEmpty)
    scene.step(.codeMade(attempt, until: scene.now + 40_000))
    guard case .showing = scene.session.phase else {
      Issue.record("\(scene.session.phase)")
      return
    }
  }

  @Test("A plain code that failed is not tried again once the centre is back")
  mutating func failedMeanwhile() {
    let failures: [(Attempt) -> SessionEvent] = [
      { .codeFailed(.gone, $0) }, { _ in .readerLost },
      { .codeMade($0, until: Moment(milliseconds: 0)) },
    ]
    for failure in failures {
      scene = SessionScene()
      scene.generatePlainCode()
      let attempt = scene.attempt
      scene.step(.centerBack)
      scene.step(failure(attempt))
      #expect(scene.session.phase.purpose == nil, "\(scene.session.phase)")
    }
  }

  @Test("Nothing is cancelled at the centre when a plain code is refused, times out or is stopped")
  mutating func nothingToCancel() {
    let ends: [(SessionEvent, Int64)] = [
      (.cancelled, 0), (.tick, 60_000), (.restrictions([.copiedState]), 0),
    ]
    for (event, pause) in ends {
      for hasCode in [false, true] {
        scene = SessionScene()
        if hasCode { scene.generatePlainCode() } else { scene.offerPlainCode() }
        let effects = scene.step(event, after: hasCode ? 0 : pause)
        #expect(!effects.contains { if case .cancel = $0 { true } else { false } })
      }
    }
  }

  @Test("A card without such a credential ends it and says so")
  mutating func noCredential() {
    scene.generatePlainCode()
    let effects = scene.step(.codeFailed(.noPlainCode, scene.attempt))
    #expect(
      effects == [
        .wipeCode, .notice(.card(.noPlainCode)), .display(.idleForPlainCodes),
      ])
  }

  @Test("A withdrawn card makes none")
  mutating func withdrawn() {
    scene.offerPlainCode()
    scene.step(.cardWithdrawn(SessionScene.card))
    #expect(scene.session.phase == .idle)
  }

  @Test("A reader that is back in time goes on with it")
  mutating func reader() {
    scene.offerPlainCode()
    scene.step(.readerLost)
    #expect(
      scene.step(.readerBack(cardIsThere: false), after: 100).first
        == .display(.plainCode(until: scene.now + 59_900)))
  }
}
