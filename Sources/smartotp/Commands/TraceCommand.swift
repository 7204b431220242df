import ArgumentParser
import Glibc
import OTPCard
import Reader
import SmartCard
import Trace

struct TraceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Shows in words what reader and card say to each other, live or from a file.",
    discussion: """
      Live, each card laid on the reader has its OATH application selected and listed, or gets the \
      APDUs given; every APDU is named and taken apart, with its status word, the time it took \
      and what the air alone takes at 106 kbit/s. --chip shows the commands to the reader's chip as \
      well; those that libnfc sends while it opens the reader are not seen. With --for, the \
      status is 75 when no card came.

      A FILE is one that --trace wrote, or another pcapng file of ISO 14443 frames (link type \
      264); - is standard input.

      Keys, codes and whatever cannot be told from them are masked unless --secrets is given: ** \
      in hexadecimal. Other commands explain themselves with --explain.

      Examples:
        smartotp trace
        smartotp trace --chip --for 30
        smartotp trace --apdu 00A4040007A0000005272101 00A10000
        smartotp trace --json tap.pcapng
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardAccess: CardAccess

  @Option(name: .customLong("for"), help: ArgumentHelp("Stop after so long.", valueName: "seconds"))
  var duration: Double?

  @Flag(help: "Show the commands to the reader's chip as well.")
  var chip = false

  @Flag(help: "Show keys and codes.")
  var secrets = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Send these APDUs to each card.", valueName: "hex"))
  var apdu: [String] = []

  @Argument(help: "A trace to explain instead.")
  var file: String?

  func validate() throws {
    guard duration.map({ $0 > 0 && $0 <= 86_400 * 365 }) ?? true else {
      throw ValidationError("--for takes a positive number of seconds.")
    }
    for text in apdu where Hexadecimal.bytes(text) == nil {
      throw ValidationError("'\(text)' is not hexadecimal.")
    }
    guard file == nil || (duration == nil && !chip && apdu.isEmpty) else {
      throw ValidationError("--for, --chip and --apdu are for a live trace, not for a file.")
    }
  }

  private var masking: Masking { secrets ? .none : .secrets }

  func run() async throws {
    if let file {
      var transcript = TraceTranscript(masking: masking, isJSON: options.json)
      try await SavedTrace(path: file).tell(to: &transcript)
    } else {
      let commands = try apdu.map { text in
        do throws(APDUError) {
          return try CommandAPDU(parsing: Hexadecimal.bytes(text) ?? [])
        } catch {
          throw CommandFailure("'\(text)' is no command APDU: \(error.explanation)", .badData)
        }
      }
      try await traceLive(commands, access: try cardAccess.access())
    }
  }

  private func traceLive(_ commands: [CommandAPDU], access: OATHAccess) async throws {
    let printer = TracePrinter(
      masking: masking, showsChip: chip, isJSON: options.json, write: StandardOutput.line)
    let tap = TracedTap(commands: commands, access: access, printer: printer)
    try await ReaderSession(options: options, printer: printer).run { reader in
      let end = ContinuousClock.now + .seconds(duration ?? 86_400 * 365)
      var seen = false
      while ContinuousClock.now < end, !Task.isCancelled,
        try await tap.perform(on: reader, until: end)
      {
        seen = true
      }
      if Task.isCancelled { throw CommandFailure("interrupted", .interrupted) }
      if !seen { throw CommandFailure(.noCard) }
    }
  }
}
