import ArgumentParser

/// `smartotp-center pskc`: key files from and for vendors.
struct PSKCCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pskc",
    abstract: "Key files (RFC 6030): tokens and cards that a vendor personalises.",
    subcommands: [ImportTokens.self, ImportCard.self, ExportCard.self])
}
