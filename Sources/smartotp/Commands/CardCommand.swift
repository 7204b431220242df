import ArgumentParser
import OTPCard
import Reader

struct CardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Shows what is on an OATH card.",
    discussion: """
      Prints the application's version, the card's id, whether an access key is set, and the \
      credentials. A locked card shows its credentials only with its key.

      Examples:
        smartotp card
        smartotp card --access-key @/etc/smartotp/card.key --json
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var cardAccess: CardAccess

  struct Contents: Encodable {
    struct Credential: Encodable {
      var name: String
      var type: String
      var algorithm: String
      var period: UInt32?
    }

    var version: String
    var id: String
    var locked: Bool
    var credentials: [Credential]?
  }

  func run() async throws {
    let access = try cardAccess.access()
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    try await session.run { reader in
      let channel = try await session.card(on: reader, wait: cardOptions.wait)
      let contents: OATHContents
      do throws(OATHError) {
        contents = try await OATHCard(channel, access: access)
          .contents(deadline: .now + ReaderSession.tapTime)
      } catch {
        throw CommandFailure(error)
      }
      show(Contents(contents))
    }
  }

  private func show(_ contents: Contents) {
    guard !options.json else { return StandardOutput.line(JSONLine.text(contents)) }
    StandardOutput.line("OATH \(contents.version)")
    StandardOutput.line("card id \(contents.id)")
    StandardOutput.line(contents.locked ? "locked with an access key" : "not locked")
    guard let credentials = contents.credentials else {
      return StandardOutput.line("credentials: give --access-key to see them")
    }
    StandardOutput.line("credentials: \(credentials.count)")
    for credential in credentials {
      let period = credential.period.map { ", \($0) s" } ?? ""
      StandardOutput.line(
        "  \(credential.name)  \(credential.type), \(credential.algorithm)\(period)")
    }
  }
}

extension CardCommand.Contents {
  init(_ contents: OATHContents) {
    version = contents.selection.versionText
    id = Hexadecimal.text(contents.selection.id)
    locked = contents.selection.isLocked
    credentials = contents.credentials?.map { credential in
      Credential(
        name: credential.name.label,
        type: credential.kind.map { $0 == .totp ? "TOTP" : "HOTP" } ?? "unknown type",
        algorithm: credential.hash.map { "\($0)".uppercased() } ?? "unknown hash",
        period: credential.kind == .totp ? credential.period : nil)
    }
  }
}
