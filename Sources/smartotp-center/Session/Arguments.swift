import ArgumentParser
import SmartOTP

// What the domain names, as arguments: a value that breaks its rule is a usage error that says the
// rule.

extension ExpressibleByArgument where Self: CheckedText {
  public init?(argument: String) {
    guard Self.accepts(argument) else { return nil }
    self.init(accepted: argument)
  }
}

extension InstitutionCode: ExpressibleByArgument {}
extension VendorCode: ExpressibleByArgument {}
extension Serial: ExpressibleByArgument {}
extension Identifier: ExpressibleByArgument {}

extension CardIdentity: ExpressibleByArgument {
  public init?(argument: String) {
    guard let card = try? CardIdentity(argument) else { return nil }
    self = card
  }
}

extension Language: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension IdentityDocument.Kind: ExpressibleByArgument {}
