import ArgumentParser

/// The authentication centre, as its operators run it.
@main
struct SmartOTPCenter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotp-center",
    abstract: "The authentication centre: issues cards, registers devices, verifies codes.",
    discussion: """
      EXAMPLES
        smartotp-center init --host center.example
        smartotp-center serve --address 0.0.0.0
      """,
    subcommands: [InitCommand.self, ServeCommand.self])
}
