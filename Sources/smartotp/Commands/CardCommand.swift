import ArgumentParser

struct CardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "card", abstract: "")
  func run() async throws {}
}
