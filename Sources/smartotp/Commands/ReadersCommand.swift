import ArgumentParser
import Reader
import ReaderUSB

struct ReadersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "readers",
    abstract: "Lists the readers that are attached, and whether they work.",
    discussion: """
      Opens each reader to ask its chip. Serial ports are only tried when named with --reader, \
      configured in /etc/nfc, or with --scan-serial. A USB reader keeps its name usb:PORT when it \
      is plugged in again.

      Examples:
        smartotp readers
        smartotp readers --scan-serial
        smartotp readers --json | jq -r .connstring
        smartotp readers --watch
        smartotp readers --reset usb:1-1.2
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Also ask every serial port whether a PN532 answers there.")
  var scanSerial = false

  @Flag(help: "Print a line as each USB reader comes or goes, until Ctrl-C.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "Send a USB reset to the reader in this port, where that is known to be harmless.",
      valueName: "usb:port"))
  var reset: String?

  func run() async throws {
    if let reset { return try resetReader(reset) }
    if watch { return try await watchReaders() }
    let bus = USBBus()
    let attached = options.reader == nil ? bus.readers() : []
    var failure: CommandFailure?
    var works = false
    for candidate in try await candidates(attached, bus) {
      let (row, error) = await describe(candidate)
      works = works || row.state == .ready
      failure = failure ?? error
      StandardOutput.line(options.json ? JSONLine.text(row) : row.text)
    }
    guard !works else { return }
    throw failure ?? CommandFailure(.noReader)
  }

  /// What there is to list: something with a name to open, or with a place only.
  private struct Candidate {
    var name: String?
    var attached: AttachedReader?
    var isTried: Bool
  }

  private func candidates(
    _ attached: [AttachedReader], _ bus: USBBus
  ) async throws -> [Candidate] {
    let session = ReaderSession(options: options)
    try session.checkName()
    var names = session.namedReader.map { [$0] } ?? []
    if options.reader == nil {
      do throws(ReaderError) {
        let found = try await ReaderDirectory().connstrings(
          intrusive: scanSerial, deadline: .now + .seconds(30))
        names += found.filter { !names.contains($0) }
      } catch {
        throw CommandFailure(error)
      }
    }
    let present = attached.isEmpty ? bus.readers() : attached
    var candidates = names.map { name in
      let connstring = ReaderSession.locate(name) ?? name
      return Candidate(
        name: name, attached: bus.reader(for: connstring, among: present), isTried: true)
    }
    for reader in attached where !candidates.contains(where: { $0.attached == reader }) {
      candidates.append(
        Candidate(name: reader.connstring, attached: reader, isTried: reader.reader.isDrivable))
    }
    return candidates
  }

  private func describe(_ candidate: Candidate) async -> (ReaderRow, CommandFailure?) {
    let attached = candidate.attached
    guard candidate.isTried, let name = candidate.name else { return notTried(candidate) }
    var row = ReaderRow(
      connstring: ReaderSession.locate(name) ?? name, attached: attached, state: .ready)
    do throws(ReaderError) {
      let reader = try await ReaderSession(options: options).open(name, mayTouchPort: false)
      let information = reader.information
      await reader.close()
      row.name = row.name ?? information?.name
      row.chip = information?.chip
      row.firmware = information?.chip.split(separator: " ").dropFirst().first.map(String.init)
      row.lineSpeed = information?.lineSpeed
      return (row, nil)
    } catch {
      row.state = .failed
      row.error = error.explanation
      return (row, CommandFailure(error))
    }
  }

  private func notTried(_ candidate: Candidate) -> (ReaderRow, CommandFailure?) {
    guard let attached = candidate.attached else {
      return (ReaderRow(connstring: candidate.name, attached: nil, state: .notTried), nil)
    }
    guard case .none(let use) = attached.reader.access else {
      var row = ReaderRow(connstring: candidate.name, attached: attached, state: .notTried)
      row.error = candidate.name == nil ? "no serial port: no kernel driver has it" : nil
      return (row, nil)
    }
    let error = ReaderNameError.notDriven(attached.device.port, attached.reader.name, use)
    var row = ReaderRow(connstring: nil, attached: attached, state: .notDriven)
    row.error = "libnfc has no driver for it; \(use)"
    return (row, CommandFailure(error))
  }

  private func watchReaders() async throws {
    for await change in ReaderWatch().changes() {
      let line = ReaderEventLine(change)
      StandardOutput.line(options.json ? JSONLine.text(line) : line.text)
    }
    throw CommandFailure("interrupted", .interrupted)
  }

  private func resetReader(_ name: String) throws {
    let bus = USBBus()
    let reader: AttachedReader
    do throws(ReaderNameError) {
      reader = try ReaderName.reader(named: name, among: bus.devices(), readers: bus.readers())
    } catch {
      throw CommandFailure(error)
    }
    do throws(USBError) {
      try PortReset.perform(at: reader.device.port, bus: bus)
    } catch {
      throw CommandFailure(error)
    }
  }
}
