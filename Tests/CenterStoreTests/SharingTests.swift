import Center
import OneTimePassword
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Two stores on one file")
struct SharingTests {
  @Test("Of codes sent twice at the same instant to both, each is accepted once")
  func duplicates() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let other = try centre.secondStore()
    var codes: [(id: TransactionID, code: OneTimeCode)] = []
    for _ in 0..<200 {
      let claimed = try await centre.claim(try await centre.post(for: card), on: device)
      codes.append((claimed.id, try card.code(for: claimed)))
    }

    let answers = await withTaskGroup(of: (TransactionID, RefusalCode?).self) { group in
      for (id, code) in codes {
        for store in [centre.store, other] {
          group.addTask {
            do throws(Refusal) {
              let verification = try await store.verify(id, code: code, as: .bank())
              return (id, verification.result == .accepted ? nil : .internalError)
            } catch { return (id, error.code) }
          }
        }
      }
      return await group.reduce(into: [TransactionID: [RefusalCode?]]()) {
        $0[$1.0, default: []].append($1.1)
      }
    }
    #expect(answers.count == codes.count)
    for answer in answers.values {
      #expect(answer.filter { $0 == nil }.count == 1)
      #expect(answer.filter { $0 == .transactionState }.count == 1)
    }
    try await centre.expectSound()
  }

  @Test("What one writes the other knows at once")
  func visibility() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let other = try centre.secondStore()
    let posted = try await centre.post(for: card)
    _ = try await other.reportLost(card.identity, reason: "bag", as: .bank())
    await expectRefusal(.cardNotOnDevice) { try await centre.claim(posted, on: device) }
    try await other.revokeCertificate(
      serial: certificateSerial(of: device, in: centre), as: .office)
  }

  private func certificateSerial(of device: DeviceID, in centre: TestCentre) async throws -> [UInt8]
  {
    let serial = try await centre.store.read { database in
      try database.first("SELECT serial FROM certificates WHERE subject = ?", .text(device.text)) {
        $0.blob(0)
      }
    }
    return try #require(serial)
  }

  @Test("Whoever waits for events is woken by this store's writes and the other's")
  func events() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, _) = try await centre.cardOnDevice()
    let other = try centre.secondStore()
    let never = ContinuousClock.now + .seconds(60)
    for writer in [centre.store, other] {
      let last = try await centre.store.lastEventID()
      async let woken: Void = centre.store.awaitEvents(after: last, until: never)
      _ = try await writer.post(.transfer(card.identity), by: TestCentre.bank, as: .bank())
      await woken
      #expect(try await centre.store.lastEventID() > last)
    }
    #expect(ContinuousClock.now < never)
  }

  @Test("An event that is there already, a deadline and a cancelled task end the wait")
  func endsOfWaiting() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, _) = try await centre.cardOnDevice()
    _ = try await centre.post(for: card)
    let last = try await centre.store.lastEventID()
    let never = ContinuousClock.now + .seconds(60)
    await centre.store.awaitEvents(after: last - 1, until: never)
    await centre.store.awaitEvents(after: last, until: .now)
    await centre.store.awaitEvents(after: last, until: .now + .milliseconds(1))
    let waiting = Task { await centre.store.awaitEvents(after: last, until: never) }
    waiting.cancel()
    await waiting.value
    #expect(ContinuousClock.now < never)
  }

  @Test("A new file opened by several at once is one store")
  func simultaneousOpening() async throws {
    for _ in 0..<5 {
      let centre = try TestCentre()
      let path = centre.directory + "/new.sqlite"
      let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
        for _ in 0..<4 { group.addTask { try SQLiteStore(path: path, keys: centre.ring) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      for (index, store) in stores.enumerated() {
        try await store.note(action: "opened", subject: "store \(index)", detail: "", as: .office)
      }
      #expect(try await stores[0].verifyAudit() == .intact(records: 4))
    }
  }
}
