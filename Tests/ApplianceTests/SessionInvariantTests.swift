import SmartOTP
import Testing

@testable import Appliance

@Suite("What holds for every session")
struct SessionInvariantTests {
  /// One scene in each phase.
  static var phases: [SessionScene] {
    var scenes: [SessionScene] = []
    func add(_ prepare: (inout SessionScene) -> Void) {
      var scene = SessionScene()
      prepare(&scene)
      scenes.append(scene)
    }
    add { _ in }
    add { $0.step(.restrictions([.copiedState])) }
    add { $0.step(.readerLost) }
    add { scene in
      scene.present()
      scene.step(.readerLost)
    }
    add { $0.step(.pushed(SessionScene.offer())) }
    add { $0.tap() }
    add { scene in
      scene.tap()
      scene.step(.identified(SessionScene.card, scene.attempt))
    }
    add { scene in
      scene.step(.pushed(SessionScene.offer()))
      scene.tap()
      scene.step(.identified(SessionScene.card, scene.attempt))
    }
    add { $0.present() }
    add { $0.generate() }
    add { $0.show() }
    add { scene in
      scene.step(.plainCodes(arePossible: true))
      scene.step(.centerLost)
    }
    add { $0.offerPlainCode() }
    add { scene in
      scene.offerPlainCode()
      scene.step(.readerLost)
    }
    add { $0.generatePlainCode() }
    add { scene in
      scene.generatePlainCode()
      scene.step(.codeMade(scene.attempt, until: scene.now + 40_000))
    }
    return scenes
  }

  @Test("Every event is taken in every phase, and the session comes to rest by ticks alone")
  func everyPairing() {
    for start in Self.phases {
      let newest = Attempt(number: start.session.attempts)
      for attempt in [newest, Attempt(number: 0)] {
        for event in RandomEvents.all(attempt, now: start.now) {
          var observer = SessionObserver(start.session)
          observer.step(event, at: start.now + 400)
          #expect(observer.violations.isEmpty, "\(event) in \(start.session.phase)")
          observer.runDown()
          #expect(observer.violations.isEmpty, "\(event) in \(start.session.phase)")
        }
      }
    }
  }

  @Test("A million random events break no invariant")
  func random() {
    var events = RandomEvents(seed: 20_261_124)
    var observer = SessionObserver(Session())
    var now = Moment(milliseconds: 0)
    var codes = 0
    for index in 0..<1_000_000 {
      now = now + events.pause()
      observer.step(events.next(after: observer, now: now), at: now)
      if index.isMultiple(of: 100_000) { observer.runDown() }
      now = max(now, observer.now)
      guard observer.violations.isEmpty else { break }
    }
    codes = observer.codesShown
    #expect(observer.violations.isEmpty, "\(observer.violations)")
    // The walk must reach what it watches.
    #expect(codes > 1000)
    #expect(observer.plainCodesAsked > 100)
  }
}
