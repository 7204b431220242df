import ArgumentParser
import Reader
import SmartCard

struct APDUCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apdu",
    abstract: "Sends APDUs to the card and prints its answers.",
    discussion: """
      Each argument is one command APDU in hexadecimal; each answer is printed in hexadecimal, \
      status word included. Nothing is sent again, chained or interpreted.

      Examples:
        smartotp apdu 00A4040007A0000005272101
        smartotp apdu --deadline 200 "00 A4 04 00 07 A0 00 00 05 27 21 01" 00A10000
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var cardOptions: CardOptions

  @Option(help: ArgumentHelp("How long each answer may take.", valueName: "ms"))
  var deadline = 1000

  @Argument(help: "Command APDUs in hexadecimal.")
  var commands: [String]

  func validate() throws {
    guard (1...60_000).contains(deadline) else {
      throw ValidationError("--deadline takes 1 to 60000 milliseconds.")
    }
    for text in commands where Hexadecimal.bytes(text) == nil {
      throw ValidationError("'\(text)' is not hexadecimal.")
    }
  }

  struct Answer: Encodable {
    var command: String
    var response: String
    var statusWord: String
    var meaning: String
  }

  func run() async throws {
    let commands = try self.commands.map(parse)
    let session = try ReaderSession(options: options, traceOptions: cardOptions.trace)
    try await session.run { reader in
      let card = try await session.card(on: reader, wait: cardOptions.wait)
      for command in commands {
        let response: ResponseAPDU
        do throws(CardError) {
          response = try await card.transmit(
            command, deadline: .now + .milliseconds(deadline))
        } catch {
          throw CommandFailure(error)
        }
        show(response, to: command)
      }
    }
  }

  private func parse(_ text: String) throws -> CommandAPDU {
    do throws(APDUError) {
      return try CommandAPDU(parsing: Hexadecimal.bytes(text) ?? [])
    } catch {
      throw CommandFailure("'\(text)' is no command APDU: \(error.explanation)", .badData)
    }
  }

  private func show(_ response: ResponseAPDU, to command: CommandAPDU) {
    let text = Hexadecimal.text(response.encoded())
    options.note("\(text.suffix(4)): \(response.statusWord.explanation)")
    guard options.json else { return StandardOutput.line(text) }
    let answer = Answer(
      command: (try? command.encoded()).map(Hexadecimal.text) ?? "", response: text,
      statusWord: String(text.suffix(4)), meaning: "\(response.statusWord.explanation)")
    StandardOutput.line(JSONLine.text(answer))
  }
}
