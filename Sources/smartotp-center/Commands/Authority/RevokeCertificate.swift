import ArgumentParser
import Cryptography
import SmartOTP

struct RevokeCertificate: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Revokes a client certificate; it is refused from then on.",
    discussion: """
      EXAMPLES
        smartotp-center ca revoke --certificate bank.pem
        smartotp-center ca revoke --serial 4f00…
      """)

  @Option(help: ArgumentHelp("The certificate, PEM.", valueName: "file")) var certificate: String?
  @Option(help: ArgumentHelp("Its serial number.", valueName: "hex")) var serial: String?
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func validate() throws {
    guard (certificate == nil) != (serial == nil) else {
      throw ValidationError("give either --certificate or --serial")
    }
  }

  func perform() async throws {
    let number = try number()
    try await local.openStore().revokeCertificate(serial: number, as: local.caller)
    try output.show(
      ["revoked": number.hexadecimal], text: "revoked: \(number.hexadecimal)")
  }

  private func number() throws -> [UInt8] {
    if let serial {
      guard let bytes = [UInt8](hexadecimal: serial), !bytes.isEmpty else {
        throw ValidationError("--serial takes hexadecimal digits")
      }
      return bytes
    }
    guard let first = try Certificate.chain(pem: PrivateFile.read(certificate ?? "")).first else {
      throw CommandFailure(.badData, "\(certificate ?? "") holds no certificate")
    }
    return first.serial
  }
}
