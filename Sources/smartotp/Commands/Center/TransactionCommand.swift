import ArgumentParser
import CenterClient
import SmartOTP

struct TransactionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transaction",
    abstract:
      "Posts transactions to the centre and verifies their codes, as a bank's own system does.",
    subcommands: [Post.self, Show.self, List.self, Cancel.self, Verify.self])

  struct Post: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Asks for a customer's confirmation.",
      discussion: """
        Example:
          smartotp transaction post K01:12345678 --kind transfer --field payee=Kim \\
            --field account=110-222-333333 --field "amount=KRW 1500000"
        """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var centerOptions: CenterOptions

    @Option(help: "What is to be confirmed.")
    var kind: TransactionKind = .transfer

    @Option(
      name: .customLong("field"),
      help: ArgumentHelp(
        "A line that the customer sees; they are shown in this order.", valueName: "label=value"))
    var fields: [String] = []

    @Option(help: "The institution's own number for it.")
    var reference: String?

    @Option(help: ArgumentHelp("How long it may be claimed, 30 to 3600.", valueName: "seconds"))
    var lifetime: Int64?

    @Argument(help: "The card's vendor code and serial number: K01:12345678.")
    var card: CardIdentity

    func run() async throws {
      let request = TransactionRequest(
        card: card, kind: kind, fields: try fields.map(Self.field), reference: reference,
        lifetimeSeconds: lifetime)
      try await InstitutionSession.run(centerOptions) { institution in
        show(try await institution.client.post(request), output)
      }
    }

    private static func field(_ text: String) throws -> TransactionField {
      guard let end = text.firstIndex(of: "="), end != text.startIndex else {
        throw CommandFailure("--field takes label=value", .usage)
      }
      return TransactionField(
        label: String(text[..<end]), value: String(text[text.index(after: end)...]))
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows a transaction.")
    @OptionGroup var output: OutputOptions
    @OptionGroup var centerOptions: CenterOptions
    @Argument(help: "The transaction's id.") var transaction: TransactionID

    func run() async throws {
      try await InstitutionSession.run(centerOptions) { institution in
        show(try await institution.client.transaction(transaction), output)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists transactions.")
    @OptionGroup var output: OutputOptions
    @OptionGroup var centerOptions: CenterOptions
    @Option(help: "How many at most, 1 to 200.") var limit = 50

    func run() async throws {
      try await InstitutionSession.run(centerOptions) { institution in
        let page = try await institution.client.transactions(PageRequest(limit: limit))
        for transaction in page.items { show(transaction, output) }
      }
    }
  }

  struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Takes a transaction back.")
    @OptionGroup var output: OutputOptions
    @OptionGroup var centerOptions: CenterOptions
    @Argument(help: "The transaction's id.") var transaction: TransactionID

    func run() async throws {
      try await InstitutionSession.run(centerOptions) { institution in
        show(try await institution.client.cancel(transaction), output)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Hands in the code that the customer typed.",
      discussion: "The status is 0 when the code is accepted and 65 when it is wrong.")
    @OptionGroup var output: OutputOptions
    @OptionGroup var centerOptions: CenterOptions
    @Argument(help: "The transaction's id.") var transaction: TransactionID
    @Argument(help: "The six digits; - reads them from standard input.") var code: String

    struct Line: Encodable {
      var transaction: String
      var result: String
      var state: String
      var attemptsLeft: Int
      var cardLocked: Bool
    }

    func run() async throws {
      let digits =
        code == "-"
        ? String(decoding: try TextFile.read("-").prefix { $0 >= 0x20 }, as: UTF8.self) : code
      try await InstitutionSession.run(centerOptions) { institution in
        let verification = try await institution.client.verify(
          CodeSubmission(code: digits), for: transaction)
        show(verification)
        guard verification.result == .accepted else {
          throw CommandFailure(
            verification.cardLocked
              ? "the code is wrong, and the card is locked now; its issuer unlocks it"
              : "the code is wrong; \(verification.attemptsLeft) more may be tried", .badData)
        }
      }
    }

    private func show(_ verification: Verification) {
      let line = Line(
        transaction: transaction.text, result: verification.result.rawValue,
        state: verification.transaction.rawValue, attemptsLeft: verification.attemptsLeft,
        cardLocked: verification.cardLocked)
      if output.json {
        StandardOutput.line(JSONLine.text(line))
      } else if verification.result == .accepted {
        StandardOutput.line("accepted")
      }
    }
  }
}

private func show(_ transaction: Transaction, _ output: OutputOptions) {
  StandardOutput.line(
    output.json
      ? JSONLine.text(transaction)
      : "\(transaction.id)  \(transaction.card)  \(transaction.kind.rawValue)  \(transaction.state.rawValue)"
  )
}
