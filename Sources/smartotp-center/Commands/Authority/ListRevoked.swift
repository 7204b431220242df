import ArgumentParser
import Center
import Cryptography
import SmartOTP

struct ListRevoked: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoked",
    abstract: "Lists the revoked certificates that have not run out.")

  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  private struct Line: Encodable {
    let serial: String
    let role: Role
    let subject: String
    let revokedAt: UnixTime?
  }

  func perform() async throws {
    for record in try await local.openStore().revokedCertificates(at: .now) {
      let line = Line(
        serial: record.serial.hexadecimal, role: record.role, subject: record.subject,
        revokedAt: record.revokedAt)
      try output.show(line, text: "\(line.serial)  \(line.role.rawValue) \(line.subject)")
    }
  }
}

struct WriteRevocationList: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "crl",
    abstract: "Writes the centre's revocation list, PEM, for others who check its certificates.",
    discussion: """
      The centre itself looks revocations up in its database and needs no list.

      EXAMPLES
        smartotp-center ca crl > center.crl
      """)

  @Option(help: "Until when the list is believed.") var days: Int64 = 7
  @OptionGroup var local: LocalOperator

  func validate() throws {
    guard (1...366).contains(days) else { throw ValidationError("--days takes 1 to 366") }
  }

  func perform() async throws {
    let now = UnixTime.now
    let revocations = try await local.openStore().revokedCertificates(at: now).map {
      Revocation(serial: $0.serial, date: ($0.revokedAt ?? now).seconds)
    }
    let list = try local.data.directory.authority().revocationList(
      of: revocations, number: UInt64(clamping: now.seconds), thisUpdate: now.seconds,
      nextUpdate: (now + days * 86_400).seconds)
    print(list.pem, terminator: "")
  }
}
