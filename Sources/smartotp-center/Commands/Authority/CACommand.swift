import ArgumentParser

/// `smartotp-center ca`: the centre's own authority, and those it takes signatures of.
struct CACommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract: "Certificates for institutions and operators; authorities for online registration.",
    subcommands: [
      IssueCertificate.self, RevokeCertificate.self, ListRevoked.self, WriteRevocationList.self,
      TrustAuthority.self,
    ])
}
