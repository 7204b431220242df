import ArgumentParser

/// Measures a centre as its clients see it.
@main
struct CenterBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "center-bench",
    abstract: "Measures how many codes a centre verifies over TLS, durably committed.",
    subcommands: [Measure.self, Prepare.self], defaultSubcommand: Measure.self)
}
