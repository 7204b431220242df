import Center
import SmartOTP
import Testing

@testable import CenterStore

/// A used or dead code must leave the displays: whatever ends a transaction says so to the devices.
@Suite("The end of a transaction reaches the devices")
struct ClosingTests {
  /// A claimed transaction, its card, the device that claimed it, and another that has the card.
  private struct Scene {
    let centre: TestCentre
    let card: TestCard
    let claimant: DeviceID
    let other: DeviceID
    let claimed: Transaction
    let last: Int64

    init() async throws {
      centre = try await TestCentre.withBanks()
      (card, claimant) = try await centre.cardOnDevice()
      other = try await centre.registerDevice(fingerprint: 2)
      try await centre.put(card, on: other)
      claimed = try await centre.claim(try await centre.post(for: card), on: claimant)
      last = try await centre.store.lastEventID()
    }

    /// What came to a device since the claim.
    func news(for device: DeviceID) async throws -> [DeviceEvent.Kind] {
      let events = try await centre.store.events(for: device, after: last, limit: 10)
      #expect(events.allSatisfy { $0.transaction == claimed.id && $0.card == card.identity })
      return events.map(\.kind)
    }

    func expectClosed(sourceLocation: SourceLocation = #_sourceLocation) async throws {
      for device in [claimant, other] {
        let news = try await news(for: device)
        #expect(news == [.transactionClosed], sourceLocation: sourceLocation)
      }
    }
  }

  @Test("A verified transaction is closed on the device that shows its code, and on every other")
  func verified() async throws {
    let scene = try await Scene()
    let code = try scene.card.code(for: scene.claimed)
    _ = try await scene.centre.store.verify(scene.claimed.id, code: code, as: .bank())
    try await scene.expectClosed()
  }

  @Test("A wrong code closes nothing while the transaction is claimed; the last one does")
  func rejected() async throws {
    let scene = try await Scene()
    let wrong = try scene.card.wrongCode(for: scene.claimed)
    for _ in 1..<Transaction.attemptLimit {
      _ = try await scene.centre.store.verify(scene.claimed.id, code: wrong, as: .bank())
    }
    #expect(try await scene.news(for: scene.claimant).isEmpty)
    let last = try await scene.centre.store.verify(scene.claimed.id, code: wrong, as: .bank())
    #expect(last.transaction == .rejected)
    try await scene.expectClosed()
  }

  @Test("A code that is refused closes nothing once more")
  func refused() async throws {
    let scene = try await Scene()
    let code = try scene.card.code(for: scene.claimed)
    _ = try await scene.centre.store.verify(scene.claimed.id, code: code, as: .bank())
    await expectRefusal(.transactionState) {
      try await scene.centre.store.verify(scene.claimed.id, code: code, as: .bank())
    }
    try await scene.expectClosed()
  }

  @Test("What the bank cancels is closed on every device; what a device cancels, on the others")
  func cancelled() async throws {
    let byBank = try await Scene()
    _ = try await byBank.centre.store.cancel(byBank.claimed.id, as: .bank())
    try await byBank.expectClosed()

    let byDevice = try await Scene()
    _ = try await byDevice.centre.store.cancel(
      byDevice.claimed.id, as: Caller(.device(byDevice.claimant), at: TestCentre.start))
    #expect(try await byDevice.news(for: byDevice.claimant).isEmpty)
    #expect(try await byDevice.news(for: byDevice.other) == [.transactionClosed])
  }

  @Test("What ran out is closed on every device")
  func expired() async throws {
    let scene = try await Scene()
    try await scene.centre.store.sweep(at: TestCentre.start + 300)
    try await scene.expectClosed()
  }

  @Test("A claim by another device closes it on the one that had it")
  func claimedElsewhere() async throws {
    let scene = try await Scene()
    _ = try await scene.centre.claim(scene.claimed, on: scene.other)
    #expect(try await scene.news(for: scene.claimant) == [.transactionClosed])
    #expect(try await scene.news(for: scene.other).isEmpty)
  }

  @Test("State, audit record and event are written together or not at all")
  func together() async throws {
    let scene = try await Scene()
    let audit = try await scene.centre.auditCount()
    try await scene.centre.refuseEvents()
    await expectRefusal(.internalError) {
      try await scene.centre.store.verify(
        scene.claimed.id, code: try scene.card.code(for: scene.claimed), as: .bank())
    }
    let state = try await scene.centre.store.transaction(scene.claimed.id, at: TestCentre.start)
    #expect(state.state == .claimed)
    #expect(try await scene.centre.auditCount() == audit)
    #expect(try await scene.news(for: scene.claimant).isEmpty)
    try await scene.centre.expectSound()
  }
}

extension TestCentre {
  fileprivate func auditCount() async throws -> Int64 {
    try await store.pool.read { try $0.first("SELECT count(*) FROM audit") { $0.integer(0) } ?? 0 }
  }

  /// The table of events takes nothing more, as on a full disk.
  fileprivate func refuseEvents() async throws {
    try await store.pool.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER no_events BEFORE INSERT ON device_events
          BEGIN SELECT RAISE(ABORT, 'no room'); END
          """)
    }
  }
}
