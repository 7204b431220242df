import ArgumentParser
import Center
import CenterStore
import Cryptography
import Glibc
import SmartOTP

/// Measures the store alone: codes verified a second, and what that costs as the store grows.
@main
struct StoreBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store-bench",
    abstract: "Verifications a second by the store alone, every commit durable.",
    discussion: """
      Example: store-bench --cards 1000 --cards 1000000 --directory /var/tmp
      Each size gets a database of its own, which is deleted afterwards. The directory must be on a
      disk, not in memory, for the figures to mean anything.
      """)

  @Option(help: "How many cards the store has; may be given several times.")
  var cards: [Int] = [1000, 100_000]

  @Option(help: "Transactions a concurrent round.")
  var transactions = 20_000

  @Option(help: "Transactions of the single client.")
  var single = 2000

  @Option(help: "Concurrent callers.")
  var clients = 64

  @Option(help: "Where the databases are made.")
  var directory = "."

  @Flag(help: "Leave the databases, and use those that an earlier run left.")
  var keep = false

  @Flag(help: "After all: what a verification costs with the most cards, in times of the fewest.")
  var growth = false

  func run() async throws {
    var verifications: [Cost] = []
    print("cards      clients  step     per second   p50 ms   p99 ms   cpu us")
    for count in cards {
      let round = try await Round(cards: count, directory: directory)
      defer { if !keep { round.remove() } }
      for (clients, transactions) in [(1, single), (clients, transactions)] {
        // A round to warm up: statements prepared, pages in memory.
        _ = try await round.measure(clients: clients, transactions: transactions / 4)
        for step in try await round.measure(clients: clients, transactions: transactions) {
          print(step.line(cards: count, clients: clients))
          if step.name == "verify", clients > 1 {
            verifications.append(
              Cost(cards: count, microseconds: step.cpuMicroseconds, perSecond: step.perSecond))
          }
        }
      }
      print(
        "\(count) cards: \(round.databaseMegabytes) MB of database, \(peakMegabytes()) MB resident at most"
      )
    }
    if growth { printGrowth(verifications) }
  }

  /// What one verification took.
  private struct Cost {
    let cards: Int
    /// Of processor time.
    let microseconds: Double
    let perSecond: Double
  }

  private func printGrowth(_ costs: [Cost]) {
    let sorted = costs.sorted { $0.cards < $1.cards }
    guard let least = sorted.first, let most = sorted.last, least.cards < most.cards else { return }
    let ratios = [
      ("processor time", most.microseconds / least.microseconds),
      ("time", least.perSecond / most.perSecond),
    ].map { name, ratio in "\((ratio * 100).rounded() / 100) x the \(name)" }
    print(
      "a verification with \(most.cards) cards takes \(ratios.joined(separator: ", ")) of one with \(least.cards)"
    )
  }

  private func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
