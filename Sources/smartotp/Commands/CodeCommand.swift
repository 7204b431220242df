import ArgumentParser

struct CodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "code", abstract: "")
  func run() async throws {}
}
