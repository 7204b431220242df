import ArgumentParser

/// The authentication centre, as its operators run it.
@main
struct SmartOTPCenter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotp-center",
    abstract: "The authentication centre: issues cards, registers devices, verifies codes.",
    discussion: """
      EXAMPLES
        smartotp-center init --host center.example
        smartotp-center institution add 004 "First bank" --vendor K01
        smartotp-center ca issue --role institution --name 004 --out bank
        smartotp-center serve --address 0.0.0.0
      """,
    subcommands: [
      InitCommand.self, ServeCommand.self, InstitutionCommand.self, CACommand.self,
      CardCommand.self, DeviceCommand.self, PSKCCommand.self, AuditCommand.self,
      VerifyCommand.self, BackupCommand.self, RestoreCommand.self, RekeyCommand.self,
    ])
}
