import ArgumentParser
import CenterStore
import Foundation

/// Kills a process that uses the centre's store, at every write and at random moments, and looks at
/// what is left.
@main
struct StoreKill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store-kill",
    abstract: "Kills users of the centre's store and verifies what is left.",
    subcommands: [
      Sweep.self, Storm.self, Duplicates.self, Life.self, Traffic.self, Sender.self,
    ])
}

/// The program that is killed: one life, dying in the write that is named.
struct Life: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Argument var path: String
  @Option var dieAt = Int64.max

  func run() async throws {
    DeathAtWrite.install(at: dieAt)
    let life = CardLife(store: try SQLiteStore(path: path, keys: CardLife.ring()))
    try await life.run()
    try await life.checkEnd()
    print(DeathAtWrite.count.load(ordering: .relaxed))
  }
}

struct Sweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Dies in each write of a card's life, then looks and goes on to the life's end.")

  @Option(help: "Only every so many writes.")
  var every: Int64 = 1

  func run() async throws {
    let directory = try Scratch()
    let total = try writes(in: directory)
    var deaths = 0
    for write in stride(from: Int64(1), through: total, by: Int64.Stride(every)) {
      let path = directory.file("\(write).sqlite")
      let child = try Child(
        ["life", path, "--die-at", "\(write)"], output: directory.file("\(write).txt"))
      guard child.wait() == .killed else {
        throw Failure(what: "write \(write): the child was to die, and did not")
      }
      deaths += 1
      do { try await goOn(after: write, at: path) } catch {
        throw Failure(what: "write \(write): \(error)")
      }
    }
    print("\(deaths) deaths in \(total) writes: every store was sound and came to its end")
  }

  /// A whole life, undisturbed.
  private func writes(in directory: Scratch) throws -> Int64 {
    let child = try Child(
      ["life", directory.file("whole.sqlite")], output: directory.file("whole.txt"))
    guard child.wait() == .exited(0), let count = try child.lines().last.flatMap({ Int64($0) })
    else {
      throw Failure(what: "the undisturbed life failed")
    }
    return count
  }

  private func goOn(after write: Int64, at path: String) async throws {
    let store = try SQLiteStore(path: path, keys: CardLife.ring())
    try await expectSound(store, "after write \(write)")
    let life = CardLife(store: store)
    try await life.run()
    try await life.checkEnd()
    try await expectSound(store, "at the end after write \(write)")
  }
}

func expectSound(_ store: SQLiteStore, _ when: String) async throws {
  let violations = try await store.verify()
  guard violations.isEmpty else { throw Failure(what: "\(when): \(violations)") }
}
