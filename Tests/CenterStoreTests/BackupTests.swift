import Center
import Foundation
import SmartOTP
import Testing

@testable import CenterStore

@Suite("Backup and restore")
struct BackupTests {
  @Test("A copy made while others write is whole, and is where the store was at one moment")
  func onlineBackup() async throws {
    let centre = try await TestCentre.withBanks()
    let (card, device) = try await centre.cardOnDevice()
    let copy = centre.directory + "/copy.sqlite"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<25 {
            let claimed = try await centre.claim(try await centre.post(for: card), on: device)
            _ = try await centre.store.verify(
              claimed.id, code: card.code(for: claimed), as: .bank())
          }
        }
      }
      group.addTask { try await centre.store.backup(to: copy) }
      try await group.waitForAll()
    }
    #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))
    let attributes = try FileManager.default.attributesOfItem(atPath: copy)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let store = try SQLiteStore(path: copy, keys: centre.ring)
    #expect(try await store.verify().isEmpty)
    await #expect(throws: StoreError.exists(path: copy)) { try await centre.store.backup(to: copy) }
  }

  @Test("A restored store is the one that was backed up")
  func restore() async throws {
    let centre = try await TestCentre.withBanks()
    let card = try await centre.activeCard()
    let copy = centre.directory + "/copy.sqlite"
    try await centre.store.backup(to: copy)
    _ = try await centre.store.reportLost(card.identity, reason: "bag", as: .bank())

    let restored = centre.directory + "/restored.sqlite"
    try SQLiteStore.restore(copy, to: restored, keys: centre.ring)
    let store = try SQLiteStore(path: restored, keys: centre.ring)
    #expect(try await store.card(card.identity).state == .active)
    #expect(try await store.verify().isEmpty)
  }

  @Test("Nothing is restored over a database that is in use, nor from a damaged or foreign file")
  func refusals() async throws {
    let centre = try await TestCentre.withBanks()
    let copy = centre.directory + "/copy.sqlite"
    try await centre.store.backup(to: copy)
    #expect(throws: StoreError.inUse(path: centre.path)) {
      try SQLiteStore.restore(copy, to: centre.path, keys: centre.ring)
    }
    let new = centre.directory + "/new.sqlite"
    let otherRing = try KeyRing([(2, .random(count: 32))])
    #expect(throws: StoreError.self) {
      try SQLiteStore.restore(copy, to: new, keys: otherRing)
    }
    let text = centre.directory + "/text"
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: text))
    #expect(throws: StoreError.notADatabase(path: text)) {
      try SQLiteStore.restore(text, to: new, keys: centre.ring)
    }
    var bytes = try FileBytes.read(copy)
    for offset in stride(from: 8192, to: bytes.count, by: 4096) { bytes[offset] = 0xFF }
    let damaged = centre.directory + "/damaged"
    try bytes.write(to: URL(fileURLWithPath: damaged))
    #expect(throws: StoreError.self) {
      try SQLiteStore.restore(damaged, to: new, keys: centre.ring)
    }
    #expect(!FileManager.default.fileExists(atPath: new))
  }
}
