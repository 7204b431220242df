import ArgumentParser
import Reader

/// Recording what crosses the air, and showing it.
struct TraceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write what crosses the air as pcapng for Wireshark.", valueName: "file"))
  var trace: String?

  @Flag(help: "Leave keys and codes readable in the trace.")
  var traceSecrets = false

  @Flag(help: "Explain on standard error what crosses the air, as it happens.")
  var explain = false

  @Flag(help: "The same, with the commands to the reader's chip.")
  var explainChip = false

  func validate() throws {
    guard trace != "-" else {
      throw ValidationError("--trace takes the name of a file; --explain shows what it holds.")
    }
  }

  var printer: TracePrinter? {
    guard explain || explainChip else { return nil }
    return TracePrinter(
      masking: traceSecrets ? .none : .secrets, showsChip: explainChip, isJSON: false,
      write: StandardError.line)
  }

  func writer(reader: String) throws -> AirTraceWriter? {
    guard let trace else { return nil }
    return try AirTraceWriter(path: trace, reader: reader, showsSecrets: traceSecrets)
  }
}
