import ArgumentParser
import SmartOTP

/// `smartotp-center card`: cards as the centre knows them.
struct CardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Cards: their state, loss, the lock after wrong codes.",
    subcommands: [ShowCard.self, ListCards.self, LoseCard.self, UnlockCard.self])
}

struct ShowCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a card and where it is registered.")

  @Argument(help: "VENDOR:SERIAL, such as K01:12345678.") var card: CardIdentity
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    let found = try await store.card(card)
    try output.show(found, text: found.line)
    try await output.list(text: \Registration.indentedLine) {
      try await store.registrations(of: card, $0)
    }
  }
}

struct ListCards: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the cards of an issuer.")

  @Argument(help: "The issuer's code.") var issuer: InstitutionCode
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let store = try local.openStore()
    try await output.list(text: \Card.line) { try await store.cards(of: issuer, $0) }
  }
}

struct LoseCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "lost",
    abstract: "Reports a card lost: nothing takes it from then on. There is no way back.")

  @Argument(help: "VENDOR:SERIAL.") var card: CardIdentity
  @Option(help: "Why, for the audit.") var reason = "reported lost"
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let lost = try await local.openStore().reportLost(card, reason: reason, as: local.caller)
    try output.show(lost, text: lost.line)
  }
}

struct UnlockCard: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock",
    abstract: "Takes the lock of ten wrong codes off, for the issuer, in person.",
    discussion: """
      The cardholder stands at the issuer's counter with the identity document.

      EXAMPLES
        smartotp-center card unlock K01:12345678 --issuer 004 --document passport --number M12345678
      """)

  @Argument(help: "VENDOR:SERIAL.") var card: CardIdentity
  @Option(help: "The issuer at whose counter the cardholder is.") var issuer: InstitutionCode
  @Option(help: "The kind of identity document.") var document: IdentityDocument.Kind
  @Option(help: "Its number.") var number: String
  @Option(help: "Its country.") var country = "KR"
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let shown: IdentityDocument
    do {
      shown = try IdentityDocument(kind: document, country: country, number: number)
    } catch {
      throw ValidationError(error.rule)
    }
    let unlocked = try await local.openStore().unlock(
      card, document: shown, as: .init(.institution(issuer), at: .now))
    try output.show(unlocked, text: unlocked.line)
  }
}

extension Card {
  /// One line: name, state, issuer.
  var line: String {
    let lock = isLocked ? ", locked after \(wrongCodes) wrong codes" : ""
    return "\(card)  \(state.rawValue)\(lock)  issued by \(issuer)"
  }
}

extension Registration {
  var indentedLine: String { "  \(id)  \(institution)  \(state.rawValue) \(channel.rawValue)" }
}
