import Center
import SmartOTP
import Synchronization
import Testing

@testable import CenterStore

@Suite("Calls that share a commit")
struct BatchTests {
  /// Holds the writer until all calls wait, so that they share a transaction.
  private func together<Value: Sendable>(
    _ centre: TestCentre, _ calls: [@Sendable (UnitOfWork) throws -> Value]
  ) async -> [Result<Value, Refusal>] {
    let hold = Mutex(false)
    centre.store.pool.asyncWriteWithoutTransaction { _ in
      while !hold.withLock({ $0 }) {}
    }
    return await withTaskGroup(of: (Int, Result<Value, Refusal>).self) { group in
      for (index, call) in calls.enumerated() {
        group.addTask {
          do throws(Refusal) {
            return (index, .success(try await centre.store.write(call)))
          } catch { return (index, .failure(error)) }
        }
      }
      while centre.store.writes.waitingCount < calls.count { await Task.yield() }
      hold.withLock { $0 = true }
      return await group.reduce(into: [(Int, Result<Value, Refusal>)]()) { $0.append($1) }
        .sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  @Test("A call that fails half-way loses its own rows and records, and nobody else's")
  func savepoints() async throws {
    let centre = try await TestCentre.withBanks()
    let before = try await centre.store.audit(PageRequest(limit: 200)).items.count
    let results = await together(
      centre,
      (0..<10).map { index in
        { work in
          try work.record("test.step", "test:\(index)", as: .office)
          if index.isMultiple(of: 2) { throw Refusal(.cardState) }
          return index
        }
      })
    for (index, result) in results.enumerated() {
      #expect((try? result.get()) == (index.isMultiple(of: 2) ? nil : index))
    }
    let records = try await centre.store.audit(PageRequest(limit: 200)).items.dropFirst(before)
    #expect(Set(records.map(\.subject)) == ["test:1", "test:3", "test:5", "test:7", "test:9"])
    #expect(try await centre.store.verifyAudit().isIntact)
  }

  @Test("When more calls wait than the queue holds, the rest are refused as unavailable")
  func bound() async throws {
    let centre = try await TestCentre.withBanks()
    let hold = Mutex(false)
    centre.store.pool.asyncWriteWithoutTransaction { _ in
      while !hold.withLock({ $0 }) {}
    }
    let excess = 10
    let refused = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<WriteQueue.waitingLimit + excess {
        group.addTask {
          do throws(Refusal) {
            try await centre.store.write { _ in }
            return false
          } catch { return error.code == .unavailable }
        }
      }
      var refused = 0
      // The refused answer while the writer is held; the others wait for it.
      while refused < excess, await group.next() == true { refused += 1 }
      hold.withLock { $0 = true }
      for await isRefused in group where isRefused { refused += 1 }
      return refused
    }
    #expect(refused == excess)
  }
}
