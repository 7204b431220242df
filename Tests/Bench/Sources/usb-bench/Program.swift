import ArgumentParser

@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usb-bench",
    abstract: "Simulated USB readers for unmodified programs.",
    subcommands: [RunCommand.self, ServeCommand.self])
}
