import ArgumentParser
import SmartOTP

/// The identity document that a customer shows.
struct DocumentOptions: ParsableArguments {
  @Option(help: "Kind of the identity document.")
  var documentKind: IdentityDocument.Kind?

  @Option(help: ArgumentHelp("The country that made it.", valueName: "XX"))
  var documentCountry: String?

  @Option(
    help: ArgumentHelp(
      "Its number, or @FILE whose first line it is, so that it is not in the process list.",
      valueName: "number"))
  var documentNumber: String?

  /// - Throws: `CommandFailure`, `InvalidText`.
  func document() async throws -> IdentityDocument {
    let kind: IdentityDocument.Kind
    if let documentKind {
      kind = documentKind
    } else if Terminal.isInteractive {
      kind = try await Terminal.choose(
        "Identity document", option: "--document-kind", default: .residentCard)
    } else {
      kind = .residentCard
    }
    let country = documentCountry?.uppercased() ?? "KR"
    guard let number = try documentNumber.map(Self.number) else {
      return try await Terminal.ask("Its number", option: "--document-number") {
        try IdentityDocument(kind: kind, country: country, number: $0)
      }
    }
    return try IdentityDocument(kind: kind, country: country, number: number)
  }

  private static func number(_ text: String) throws -> String {
    guard text.hasPrefix("@") else { return text }
    let line = try TextFile.read(String(text.dropFirst())).prefix { $0 != 0x0A && $0 != 0x0D }
    return String(decoding: line, as: UTF8.self)
  }
}
