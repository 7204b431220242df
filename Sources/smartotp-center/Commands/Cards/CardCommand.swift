import ArgumentParser

/// `smartotp-center card`: cards as the centre knows them.
struct CardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Cards: their state, language, loss, the lock after wrong codes.",
    subcommands: [
      ShowCard.self, ListCards.self, SetCardLanguage.self, LoseCard.self, UnlockCard.self,
    ])
}
