import SmartOTP
import Testing

@testable import Appliance

@Suite("The session")
struct SessionTests {
  var scene = SessionScene()

  @Test("A pushed transaction, two taps, a code for one minute, gone")
  mutating func wholeStory() {
    #expect(
      scene.step(.pushed(SessionScene.offer())) == [.display(.tapCard(SessionScene.offer()))])
    #expect(scene.step(.cardEntered, after: 1000).last == .identify(scene.attempt))
    #expect(
      scene.step(.identified(SessionScene.card, scene.attempt)) == [
        .claim(TransactionID(accepted: "T-1"), SessionScene.card, scene.attempt)
      ])
    let claimed = SessionScene.transaction()
    scene.step(.claimed(claimed, codeUntil: scene.now + 180_000, scene.attempt))
    guard case .presenting(let presentation) = scene.session.phase else {
      Issue.record("\(scene.session.phase)")
      return
    }
    #expect(presentation.until == scene.now + 60_000)
    #expect(scene.step(.cardLeft, after: 2000).isEmpty)
    #expect(
      scene.step(.cardEntered, after: 3000) == [
        .display(.making), .makeCode(claimed, scene.attempt),
      ])
    let made = scene.attempt
    #expect(
      scene.step(.codeMade(made), after: 40) == [.showCode(made, until: scene.now + 60_000)])
    #expect(scene.step(.tick, after: 59_999).isEmpty)
    #expect(
      scene.step(.tick, after: 1) == [.wipeCode, .display(.idle(centerIsThere: true))])
  }

  @Test("Without a push, the first tap looks up what is pending for the card")
  mutating func lookUp() {
    scene.tap()
    #expect(
      scene.step(.identified(SessionScene.card, scene.attempt)) == [
        .lookUp(SessionScene.card, scene.attempt)
      ])
    scene.step(
      .lookedUp([SessionScene.offer("T-7"), SessionScene.offer("T-8")], scene.attempt))
    #expect(scene.session.phase.transaction?.text == "T-7")
    #expect(scene.session.waiting.map(\.transaction.text) == ["T-8"])
  }

  @Test("A card for which nothing is pending is told so")
  mutating func nothingPending() {
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    #expect(
      scene.step(.lookedUp([], scene.attempt)) == [
        .notice(.nothingPending), .display(.idle(centerIsThere: true)),
      ])
  }

  @Test("A look-up that names another card's transactions gives none of them")
  mutating func foreignOffers() {
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    scene.step(.lookedUp([SessionScene.offer(card: SessionScene.otherCard)], scene.attempt))
    #expect(scene.session.phase == .idle)
  }

  @Test("A card that stays on the reader confirms nothing")
  mutating func cardStays() {
    scene.present()
    #expect(scene.step(.cardEntered, after: 5000).isEmpty)
    guard case .presenting = scene.session.phase else {
      Issue.record("\(scene.session.phase)")
      return
    }
  }

  @Test("A card that was gone for an instant only moved: that is no tap")
  mutating func flicker() {
    scene.present()
    scene.step(.cardLeft, after: 2000)
    #expect(scene.step(.cardEntered, after: 299).isEmpty)
    scene.step(.cardLeft, after: 2000)
    #expect(scene.step(.cardEntered, after: 300).contains(.display(.making)))
  }

  @Test("A different card at the second tap makes nothing, cancels nothing, and says so")
  mutating func otherCard() {
    scene.generate()
    let effects = scene.step(.codeFailed(.otherCard, scene.attempt), after: 50)
    #expect(effects.contains(.notice(.card(.otherCard))))
    #expect(!effects.contains(.cancel(TransactionID(accepted: "T-1"))))
    scene.step(.cardLeft, after: 1000)
    scene.tap()
    scene.step(.codeMade(scene.attempt), after: 40)
    guard case .showing = scene.session.phase else {
      Issue.record("\(scene.session.phase)")
      return
    }
  }

  @Test("A card pulled while it calculates may be put back")
  mutating func pulled() {
    scene.generate()
    let attempt = scene.attempt
    scene.step(.cardLeft, after: 20)
    scene.step(.codeFailed(.gone, attempt), after: 20)
    #expect(scene.step(.cardEntered, after: 400).contains(.display(.making)))
  }

  @Test("Another customer's card at the first tap puts the offer aside and serves that customer")
  mutating func otherCustomer() {
    scene.step(.pushed(SessionScene.offer("T-1")))
    scene.tap()
    scene.step(.identified(SessionScene.otherCard, scene.attempt))
    scene.step(
      .lookedUp([SessionScene.offer("T-2", card: SessionScene.otherCard)], scene.attempt))
    #expect(scene.session.phase.transaction?.text == "T-2")
    #expect(scene.session.waiting.map(\.transaction.text) == ["T-1"])
  }

  @Test("Pushes while a code is shown wait, each once")
  mutating func pushWhileShowing() {
    scene.show()
    scene.step(.pushed(SessionScene.offer("T-2", until: 900_000)))
    scene.step(.pushed(SessionScene.offer("T-2", until: 900_000)))
    scene.step(.pushed(SessionScene.offer("T-1", until: 900_000)))
    #expect(scene.session.waiting.count == 1)
    let effects = scene.step(.tick, after: 60_000)
    #expect(effects.first == .wipeCode)
    #expect(scene.session.phase.transaction?.text == "T-2")
  }

  @Test("When the centre closes the transaction its code is wiped at once")
  mutating func closed() {
    scene.show()
    #expect(scene.step(.closed(TransactionID(accepted: "T-1"))).first == .wipeCode)
    #expect(scene.session.phase == .idle)
  }

  @Test("A lost card stops whatever it is doing")
  mutating func lostCard() {
    scene.show()
    scene.step(.pushed(SessionScene.offer("T-2", until: 900_000)))
    #expect(scene.step(.cardWithdrawn(SessionScene.card)).first == .wipeCode)
    #expect(scene.session.phase == .idle && scene.session.waiting.isEmpty)
  }

  @Test("A presented transaction goes on when the reader is back, but a card lying there is no tap")
  mutating func readerBack() {
    scene.present()
    scene.step(.cardLeft, after: 1000)
    #expect(scene.step(.readerLost, after: 10) == [.display(.readerLost)])
    scene.step(.readerBack(cardIsThere: true), after: 5000)
    #expect(scene.step(.cardEntered, after: 1000).isEmpty)
    scene.step(.cardLeft, after: 1000)
    #expect(scene.step(.cardEntered, after: 1000).contains(.display(.making)))
  }

  @Test("A code on display outlives its reader")
  mutating func readerLostWhileShowing() {
    scene.show()
    #expect(scene.step(.readerLost, after: 1000).isEmpty)
    #expect(scene.step(.tick, after: 59_000) == [.wipeCode, .display(.readerLost)])
  }

  @Test("A code that is made too late is shown to nobody")
  mutating func lateCode() {
    scene.generate()
    let attempt = scene.attempt
    scene.step(.cancelled)
    #expect(scene.step(.codeMade(attempt)) == [.discardCode(attempt)])
  }

  @Test("A failed check wipes the code, cancels, and rests until it is mended")
  mutating func restricted() {
    scene.show()
    let effects = scene.step(.restrictions([.stateExposed]))
    #expect(effects.contains(.wipeCode))
    #expect(effects.last == .display(.restricted([.stateExposed])))
    scene.tap()
    #expect(scene.session.phase == .restricted([.stateExposed]))
    scene.step(.pushed(SessionScene.offer("T-5", until: 900_000)))
    scene.step(.restrictions([]))
    #expect(scene.session.phase.transaction?.text == "T-5")
  }

  @Test("Time out cancels a claimed transaction at the centre, and an unclaimed one not")
  mutating func timeOut() {
    scene.present()
    #expect(scene.step(.tick, after: 60_000).contains(.cancel(TransactionID(accepted: "T-1"))))
    scene.step(.pushed(SessionScene.offer("T-2", until: 900_000)))
    let effects = scene.step(.tick, after: 120_000)
    #expect(effects == [.notice(.timedOut), .display(.idle(centerIsThere: true))])
  }

  @Test("A code is never shown for longer than the centre takes it")
  mutating func shortLife() {
    scene.step(.pushed(SessionScene.offer()))
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    let codeUntil = scene.now + 20_000
    scene.step(.claimed(SessionScene.transaction(), codeUntil: codeUntil, scene.attempt))
    scene.step(.cardLeft, after: 500)
    scene.tap()
    scene.step(.codeMade(scene.attempt))
    #expect(scene.session.deadline == codeUntil)
  }

  @Test(
    "An answer about another transaction is no claim",
    arguments: [
      SessionScene.transaction("T-9"), SessionScene.transaction(card: SessionScene.otherCard),
      SessionScene.transaction(state: .pending),
    ])
  func wrongClaim(transaction: Transaction) {
    var scene = SessionScene()
    scene.step(.pushed(SessionScene.offer()))
    scene.tap()
    scene.step(.identified(SessionScene.card, scene.attempt))
    scene.step(.claimed(transaction, codeUntil: scene.now + 180_000, scene.attempt))
    #expect(scene.session.phase == .idle)
  }
}
