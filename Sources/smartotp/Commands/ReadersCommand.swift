import ArgumentParser
import Reader

struct ReadersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "readers",
    abstract: "Lists the readers libnfc can open, and whether they work.",
    discussion: """
      Opens each reader to ask its chip. Serial ports are only tried when named with --reader, \
      configured in /etc/nfc, or with --scan-serial.

      Examples:
        smartotp readers
        smartotp readers --scan-serial
        smartotp readers --json | jq -r .connstring
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Also ask every serial port whether a PN532 answers there.")
  var scanSerial = false

  struct Row: Encodable {
    var connstring: String
    var state: String
    var name: String?
    var chip: String?
    var lineSpeed: UInt32?
    var error: String?
  }

  func run() async throws {
    let session = ReaderSession(options: options)
    let connstrings: [String]
    do throws(ReaderError) {
      let named = session.namedReader.map { [$0] } ?? []
      let found =
        options.reader != nil
        ? []
        : try await ReaderDirectory().connstrings(
          intrusive: scanSerial, deadline: .now + .seconds(30))
      connstrings = named + found.filter { !named.contains($0) }
    } catch {
      throw CommandFailure(error)
    }
    guard !connstrings.isEmpty else { throw CommandFailure(.noReader) }
    var failure: ReaderError?
    var works = false
    for connstring in connstrings {
      let (row, error) = await describe(connstring, session)
      works = works || error == nil
      failure = failure ?? error
      StandardOutput.line(options.json ? JSONLine.text(row) : text(row))
    }
    if let failure, !works { throw CommandFailure(failure) }
  }

  private func describe(
    _ connstring: String, _ session: ReaderSession
  ) async -> (Row, ReaderError?) {
    do throws(ReaderError) {
      let reader = try await session.open(connstring)
      let information = reader.information
      await reader.close()
      let row = Row(
        connstring: connstring, state: "ready", name: information?.name, chip: information?.chip,
        lineSpeed: information?.lineSpeed)
      return (row, nil)
    } catch {
      return (Row(connstring: connstring, state: "failed", error: error.explanation), error)
    }
  }

  private func text(_ row: Row) -> String {
    let details = [row.chip, row.lineSpeed.map { "\($0) baud" }, row.error].compactMap { $0 }
    return "\(row.connstring)  \(row.state)  \(details.joined(separator: ", "))"
  }
}
