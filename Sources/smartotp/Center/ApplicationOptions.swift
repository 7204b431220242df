import ArgumentParser
import FoundationEssentials
import SmartOTP

/// A customer's application: by options, from a file, or asked for.
struct ApplicationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The application as JSON (customerName, customerKind, identityDocument with kind, country and number, contact, hasNFCDevice, replaces, language); - is standard input.",
      valueName: "file"))
  var application: String?

  @Option(help: "The customer's name.")
  var customerName: String?

  @Option(help: "The customer's kind.")
  var customerKind: CustomerKind?

  @OptionGroup var document: DocumentOptions

  @Option(help: "Telephone or e-mail.")
  var contact: String?

  @Flag(
    inversion: .prefixedNo, help: "The customer has, or will use, a device that reads the card.")
  var nfcDevice: Bool?

  @Option(help: ArgumentHelp("The lost card that this one replaces.", valueName: "card"))
  var replaces: CardIdentity?

  @Option(
    help: ArgumentHelp(
      "The language in which appliances speak to the customer; without it, each speaks its own.",
      valueName: "language"))
  var language: Language?

  func form() async throws -> ApplicationForm {
    if let application { return try Self.read(application) }
    let isAsked = Terminal.isInteractive
    let name = try await text(customerName, "Customer's name", "--customer-name")
    var kind = customerKind ?? .personal
    if customerKind == nil, isAsked {
      kind = try await Terminal.choose(
        "Customer", option: "--customer-kind", default: .personal)
    }
    let document = try await self.document.document()
    let contact = try await text(self.contact, "Telephone or e-mail", "--contact")
    var hasDevice = nfcDevice ?? true
    if nfcDevice == nil, isAsked {
      hasDevice = try await Terminal.confirm(
        "A device that reads the card is there", default: true, option: "--nfc-device")
    }
    var language = language
    if language == nil, isAsked {
      language = try await Terminal.chooseOrNone("Language of the displays", option: "--language")
    }
    return ApplicationForm(
      customerName: name, customerKind: kind, identityDocument: document, contact: contact,
      hasNFCDevice: hasDevice, replaces: replaces, language: language)
  }

  private func text(_ given: String?, _ question: String, _ option: String) async throws -> String {
    if let given { return given }
    return try await Terminal.ask(question, option: option) { answer in
      guard !answer.isEmpty else { throw CommandFailure("something is needed", .usage) }
      return answer
    }
  }

  /// - Throws: `CommandFailure` that names the key, not its value.
  private static func read(_ path: String) throws -> ApplicationForm {
    do {
      return try JSONDecoder().decode(
        ApplicationForm.self, from: Data(try TextFile.read(path)))
    } catch let error as DecodingError {
      let place: [any CodingKey] =
        switch error {
        case .keyNotFound(let key, let context): context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
          .dataCorrupted(let context):
          context.codingPath
        @unknown default: []
        }
      let name = place.map(\.stringValue).joined(separator: ".")
      throw CommandFailure(
        "\(path) is no application\(name.isEmpty ? ": it is not JSON" : ": look at \(name)")",
        .badData)
    }
  }
}
