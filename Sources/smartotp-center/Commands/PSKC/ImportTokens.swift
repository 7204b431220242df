import ArgumentParser
import Center
import PSKC
import SmartOTP

struct ImportTokens: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Takes the HOTP, TOTP and OCRA tokens of a key file, for an institution.",
    discussion: """
      All or none: a file that is faulty anywhere imports nothing.

      EXAMPLES
        smartotp-center pskc import tokens.xml --institution 004 --passphrase secret.txt
      """)

  @Argument(help: "PSKC, XML.") var file: String
  @Option(help: "Whose tokens they are.") var institution: InstitutionCode
  @OptionGroup var protection: KeyFileOptions
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let container = try PSKCContainer.read(file, protection)
    let now = UnixTime.now
    let tokens = try container.keys.map { try token($0, at: now) }
    let store = try local.openStore()
    _ = try await store.institution(institution)
    for token in tokens {
      let imported = try await store.importToken(token, as: local.caller)
      try output.show(
        imported, text: "\(imported.id)  \(imported.kind.rawValue)  \(imported.serial)")
    }
  }

  private func token(_ key: PSKCKey, at now: UnixTime) throws -> NewToken {
    let serial = key.device.serialNumber ?? key.id
    let method: NewToken.Method =
      switch key.algorithm {
      case .hotp(let hotp, let counter): .hotp(hotp, counter: counter)
      case .totp(let totp, _): .totp(totp)
      case .ocra(let ocra): .ocra(ocra.suite, counter: ocra.counter ?? 0)
      case .pin:
        throw CommandFailure(.badData, "\(file): \(serial): a PIN is not a token's key")
      }
    guard key.policy.permits(.oneTimePassword, at: now.seconds) else {
      throw CommandFailure(
        .badData, "\(file): \(serial): its policy does not allow one-time codes now")
    }
    return NewToken(
      institution: institution, manufacturer: key.device.manufacturer ?? "unknown",
      serial: serial, method: method, key: key.secret)
  }
}
