import ArgumentParser
import SmartOTP

// Values of the service as arguments.

extension CardIdentity: ExpressibleByArgument {
  public init?(argument: String) { try? self.init(argument.uppercased()) }
}

extension TransactionID: ExpressibleByArgument {
  public init?(argument: String) { try? self.init(argument) }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { try? self.init(argument) }
}

extension RegistrationCode: ExpressibleByArgument {
  public init?(argument: String) { try? self.init(typed: argument) }
}

extension Serial: ExpressibleByArgument {
  public init?(argument: String) { try? self.init(argument.uppercased()) }
}

extension CustomerKind: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}
extension TransactionKind: ExpressibleByArgument {}
extension IdentityDocument.Kind: ExpressibleByArgument {}

enum Asked {
  /// Which card is meant: the argument, or what a person says.
  static func card(_ given: CardIdentity?) async throws -> CardIdentity {
    if let given { return given }
    return try await Terminal.ask(
      "Card, vendor code and serial number (K01:12345678)", option: "the card's name"
    ) { try CardIdentity($0.uppercased()) }
  }

  static func code(_ given: RegistrationCode?, for what: String) async throws -> RegistrationCode {
    if let given { return given }
    return try await Terminal.ask("Registration code for \(what)", option: "--code") {
      try RegistrationCode(typed: $0)
    }
  }
}
