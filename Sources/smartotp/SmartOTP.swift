import ArgumentParser

/// The operator's command.
@main
struct SmartOTP: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartotp",
    abstract: "Reads NFC cards and makes one-time passwords.",
    discussion: """
      Without --reader the first reader that works is taken. Errors are one line on standard \
      error; the exit status is 0, 64 usage, 65 bad data, 69 no reader, 70 internal error, \
      74 reader failure, 75 no card or timed out (try again), 77 permission, 78 configuration, \
      130 interrupted.

      Examples:
        smartotp readers                   what is attached, and does it work
        smartotp doctor                    why it does not, and how to mend it
        smartotp poll                      watch cards come and go
        smartotp card                      what is on the card
        smartotp code github               the code of one credential
        smartotp code --all                every TOTP code in one tap
        smartotp apdu 00A4040007A0000005272101
        smartotp trace                     what cards and reader say to each other, in words
        smartotp device register           register this machine with the centre
        smartotp confirm                   two taps: read the transaction, get its code
        smartotp issue                     make a blank card a customer's Smart OTP

      Shell completions: smartotp --generate-completion-script bash (or zsh, fish).
      """,
    version: "0.1.0",
    subcommands: [
      ReadersCommand.self, PollCommand.self, CardCommand.self, CodeCommand.self, APDUCommand.self,
      TraceCommand.self, BenchReaderCommand.self, DoctorCommand.self, ConfirmCommand.self,
      DeviceCommand.self,
      IssueCommand.self, RegisterInstitutionCommand.self, RegistrationsCommand.self,
      RegistrationCodeCommand.self, UnlockCommand.self, ReportLostCommand.self,
      TransactionCommand.self,
    ])

  static func main() async {
    Interruption.catchSignals()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await Interruption.run { try await command.run() }
      } else {
        try command.run()
      }
      try StandardOutput.finish()
    } catch let failure as CommandFailure {
      end(failure)
    } catch {
      if exitCode(for: error) == .validationFailure { end(usageFailure(error)) }
      exit(withError: error)
    }
  }

  private static func end(_ failure: CommandFailure) -> Never {
    StandardError.line("smartotp: \(failure.message)")
    exit(withError: ExitCode(failure.status.rawValue))
  }

  /// What was wrong with the arguments, and whose help explains them.
  private static func usageFailure(_ error: any Error) -> CommandFailure {
    let names = configuration.subcommands.map { $0.configuration.commandName }
    let command = CommandLine.arguments.dropFirst().first { names.contains($0) }
    var reason = message(for: error).replacing("\n", with: " ")
    if reason.hasSuffix(".") { reason.removeLast() }
    return CommandFailure(
      "\(reason); see 'smartotp\(command.map { " \($0)" } ?? "") --help'", .usage)
  }
}
