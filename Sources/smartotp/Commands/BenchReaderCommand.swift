import ArgumentParser
import OTPCard
import OneTimePassword
import Reader

struct BenchReaderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-reader",
    abstract: "Measures how long taps take on this reader, with the card that lies on it.",
    discussion: """
      Each tap activates the card, selects its OATH application, makes one transaction code and \
      lets go of the card. From the second tap on the card is asked for by its UID, as the second \
      tap of a transaction does.

      Examples:
        smartotp bench-reader --credential smartotp:K01:12345678 --taps 200
        smartotp bench-reader --credential smartotp:K01:12345678 --line-speed 115200
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions
  @OptionGroup var cardAccess: CardAccess

  @Option(help: "A credential smartotp:<vendor code>:<serial> on the card.")
  var credential: String

  @Option(help: ArgumentHelp("The challenge, 8 bytes.", valueName: "hex"))
  var challenge = "0102030405060708"

  @Option(help: "How many taps.")
  var taps = 100

  @Flag(help: "A line for each tap: its number, code and microseconds.")
  var each = false

  func validate() throws {
    guard (1...1_000_000).contains(taps) else {
      throw ValidationError("--taps takes 1 to 1000000.")
    }
    guard OATHName(credential).map({ (try? SmartOTPCredential($0)) != nil }) ?? false else {
      throw ValidationError("--credential takes smartotp:<vendor code>:<serial>.")
    }
    guard Hexadecimal.bytes(challenge).flatMap({ OATHChallenge($0) }) != nil else {
      throw ValidationError("--challenge takes up to 8 bytes in hexadecimal.")
    }
  }

  struct Report: Encodable {
    var taps: Int
    var failed: Int
    var openUs: Int64
    var p50Us: Int64
    var p90Us: Int64
    var p99Us: Int64
    var longestUs: Int64
  }

  func run() async throws {
    guard let name = OATHName(credential), let smartOTP = try? SmartOTPCredential(name),
      let bytes = Hexadecimal.bytes(challenge), let challenge = OATHChallenge(bytes)
    else { return }
    let access = try cardAccess.access()
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    let clock = ContinuousClock()
    let start = clock.now
    try await session.run { reader in
      let opened = start.duration(to: clock.now).microseconds
      if each { StandardOutput.line("open us \(opened)") }
      var times: [Int64] = []
      var uid: [UInt8]?
      for index in 0..<taps where !Task.isCancelled {
        let start = clock.now
        let result = await tap(reader, smartOTP, challenge, access, &uid)
        let took = start.duration(to: clock.now).microseconds
        switch result {
        case .success(let code):
          times.append(took)
          if each { StandardOutput.line("tap \(index) code \(code.digitsText) us \(took)") }
        case .failure(let failure):
          if each { StandardOutput.line("tap \(index) refused \(failure.message)") }
          if times.isEmpty { throw failure }
        }
      }
      if !each { show(times.sorted(), opened: opened) }
    }
  }

  private func tap(
    _ reader: LibNFCReader, _ credential: SmartOTPCredential, _ challenge: OATHChallenge,
    _ access: OATHAccess,
    _ uid: inout [UInt8]?
  ) async -> Result<OneTimeCode, CommandFailure> {
    let end = ContinuousClock.now + ReaderSession.tapTime
    do throws(ReaderError) {
      let card = try await reader.awaitCard(
        expecting: uid, deadline: .now + .seconds(cardOptions.wait))
      let activation = await card.activation
      uid = activation.uidMayChange ? nil : activation.uid
      let code: OneTimeCode
      do throws(OATHError) {
        code = try await OATHCard(card, access: access).transactionCode(
          of: credential, challenge: challenge, deadline: end)
      } catch {
        return .failure(CommandFailure(error))
      }
      card.release()
      return .success(code)
    } catch {
      return .failure(CommandFailure(error))
    }
  }

  private func show(_ times: [Int64], opened: Int64) {
    func rank(_ percent: Int) -> Int64 {
      times.isEmpty ? 0 : times[min(times.count - 1, times.count * percent / 100)]
    }
    let report = Report(
      taps: times.count, failed: taps - times.count, openUs: opened, p50Us: rank(50),
      p90Us: rank(90), p99Us: rank(99), longestUs: times.last ?? 0)
    guard !options.json else { return StandardOutput.line(JSONLine.text(report)) }
    func milliseconds(_ value: Int64) -> String { "\(Double(value / 10) / 100) ms" }
    StandardOutput.line(
      """
      opening   \(milliseconds(report.openUs))
      taps      \(report.taps), \(report.failed) failed
      a tap     p50 \(milliseconds(report.p50Us)), p90 \(milliseconds(report.p90Us)), \
      p99 \(milliseconds(report.p99Us)), longest \(milliseconds(report.longestUs))
      """)
  }
}

extension Duration {
  /// Whole microseconds.
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
