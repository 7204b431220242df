import ArgumentParser

/// `center-bench`: speed, or with `--duplicates` that a code is taken once.
struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures verifications; with --duplicates, looks for a code taken twice.",
    discussion: """
      A store is filled with cards and claimed transactions; then smartotp-center serves it and every
      call measured is the verification of a right code on a kept-alive connection. Exit status 1: a
      right code was not accepted, or accepted twice.
      """)

  @Option(help: "The smartotp-center to run.")
  var server = ".build/release/smartotp-center"
  @Option(help: "Numbers of connections, one run for each.")
  var connections = "1,8,64"
  @Option(help: "Codes verified in each run, or both times with --duplicates.")
  var verifications = 10_000
  @Option(help: "Cards in the store, each on a device of its own.")
  var cards = 64
  @Flag(help: "Two servers on one store, each code sent to both at the same instant.")
  var duplicates = false
  @Flag(help: "One JSON object a run.")
  var json = false

  func validate() throws {
    guard (2...1_000_000).contains(verifications), (1...10_000).contains(cards) else {
      throw ValidationError("2 to 1,000,000 verifications, 1 to 10,000 cards")
    }
  }

  func run() async throws {
    let centre = try await PreparedCentre(cards: cards, server: server)
    defer { centre.remove() }
    let passed = duplicates ? try await runDuplicates(centre) : try await runSpeed(centre)
    if !passed { throw ExitCode(1) }
  }

  private func runSpeed(_ centre: PreparedCentre) async throws -> Bool {
    let process = try ServerProcess(program: server, data: centre.directory)
    defer { process.stop() }
    var passed = true
    for count in connections.split(separator: ",").compactMap({ Int($0) }) where count > 0 {
      let requests = try await centre.verifications(verifications)
      let load = Load(try centre.bank.context(), connections: count)
      let result = try await load.run(requests, ports: [process.port])
      let report = SpeedReport(connections: count, result: result, memory: process.memory())
      print(json ? report.json : report.text)
      passed = passed && result.accepted == requests.count
    }
    return passed
  }

  private func runDuplicates(_ centre: PreparedCentre) async throws -> Bool {
    let servers = try (0..<2).map { _ in
      try ServerProcess(program: server, data: centre.directory)
    }
    defer { for server in servers { server.stop() } }
    let requests = try await centre.verifications(verifications / 2)
    let load = Load(try centre.bank.context(), connections: 32)
    let result = try await load.run(requests, ports: servers.map(\.port))
    let report = DuplicateReport(
      codes: requests.count, result: result, verified: try await centre.verifiedCount(),
      violations: try await centre.violations())
    print(json ? report.json : report.text)
    return report.passes
  }
}
