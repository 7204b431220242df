import ArgumentParser
import Glibc
import OTPCard
import OneTimePassword
import Reader
import SmartCard

struct CodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "code",
    abstract: "Makes a one-time password with the card.",
    discussion: """
      Prints the code alone. CREDENTIAL is a name or a part of one that fits only one credential; \
      it may be left out when the card has just one. A disturbed tap is repeated as long as the \
      card lies there; a counter-based code is never asked for twice.

      Examples:
        smartotp code github
        smartotp code --all
        smartotp code --json smartotp:K01:12345678 --access-key @card.key
        smartotp code smartotp:K01:12345678 --challenge 79A43E1F1A02C642
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var cardAccess: CardAccess

  @Flag(help: "The codes of all time-based credentials, one a line with its name.")
  var all = false

  @Option(help: ArgumentHelp("The time to make the code for.", valueName: "unix seconds"))
  var at: UInt64?

  @Option(
    help: ArgumentHelp(
      "Make a transaction code: the challenge in hexadecimal, 8 bytes without a zero byte.",
      valueName: "hex"))
  var challenge: String?

  @Argument(help: "The credential's name, or a part of it.")
  var credential: String?

  func validate() throws {
    guard !all || (credential == nil && challenge == nil) else {
      throw ValidationError("--all takes no credential and no challenge.")
    }
    if let challenge {
      _ = try Self.parse(challenge: challenge)
      guard let credential, (try? Self.smartOTP(credential)) != nil else {
        throw ValidationError("--challenge needs a credential smartotp:<vendor code>:<serial>.")
      }
      guard at == nil else { throw ValidationError("--challenge and --at exclude each other.") }
    }
  }

  func run() async throws {
    let access = try cardAccess.access()
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    try await session.run { reader in
      let channel = try await session.card(on: reader, wait: cardOptions.wait)
      let card = OATHCard(channel, access: access)
      do throws(OATHError) {
        for line in try await lines(from: card, deadline: .now + ReaderSession.tapTime) {
          StandardOutput.line(options.json ? JSONLine.text(line) : line.text(named: all))
        }
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  private func lines(
    from card: OATHCard, deadline: ContinuousClock.Instant
  ) async throws(OATHError) -> [CodeLine] {
    let time = at ?? UInt64(max(0, Glibc.time(nil)))
    if all {
      let calculations = try await card.codes(at: time, deadline: deadline)
      let step = OATHTimeStep(at: time, period: OATHName.defaultPeriod)
      return calculations.compactMap { CodeLine($0, validUntil: step.end) }
    }
    // The name of a Smart OTP says what it is, so the card need not be asked for its list.
    guard let credential, let smartOTP = try? Self.smartOTP(credential) else {
      return [CodeLine(try await card.code(matching: credential, at: time, deadline: deadline))]
    }
    guard let challenge, let bytes = try? Self.parse(challenge: challenge) else {
      return [
        CodeLine(
          try await card.code(of: smartOTP.credential, at: time, deadline: deadline))
      ]
    }
    let code = try await card.transactionCode(
      of: smartOTP, challenge: bytes, deadline: deadline)
    return [CodeLine(code: code, credential: smartOTP.name.label)]
  }

  private static func smartOTP(_ text: String) throws -> SmartOTPCredential {
    guard let name = OATHName(text) else { throw SmartOTPCredentialError.name }
    return try SmartOTPCredential(name)
  }

  private static func parse(challenge: String) throws -> OATHChallenge {
    guard let bytes = Hexadecimal.bytes(challenge), bytes.count == 8, !bytes.contains(0),
      let parsed = OATHChallenge(bytes)
    else { throw ValidationError("--challenge takes 8 bytes in hexadecimal, none of them zero.") }
    return parsed
  }
}

/// A code as it is printed.
struct CodeLine: Encodable {
  var code: String?
  var digits: Int?
  var credential: String
  var validUntil: UInt64?
  /// Why there is no code.
  var note: String?

  init(code: OneTimeCode, credential: String, validUntil: UInt64? = nil) {
    self.code = code.digitsText
    self.digits = code.digitCount
    self.credential = credential
    self.validUntil = validUntil
  }

  init(_ code: OATHCode) {
    self.init(
      code: code.code, credential: code.credential.name.label, validUntil: code.validUntil)
  }

  init(credential: String, note: String) {
    self.credential = credential
    self.note = note
  }

  /// Nil for what is not time-based.
  init?(_ calculation: OATHCalculation, validUntil: UInt64) {
    let name = calculation.name.label
    switch calculation.result {
    case .code(let code): self.init(code: code, credential: name, validUntil: validUntil)
    case .counterBased: return nil
    case .touchRequired: self.init(credential: name, note: "wants a touch")
    case .otherPeriod(let period):
      self.init(credential: name, note: "period \(period) s, ask for it by name")
    case .otherDigits(let digits): self.init(credential: name, note: "\(digits) digits")
    }
  }

  func text(named: Bool) -> String {
    named ? "\(code ?? "-")  \(credential)\(note.map { "  (\($0))" } ?? "")" : code ?? ""
  }
}
