import ArgumentParser
import Reader

/// Recording what crosses the air.
struct TraceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write what crosses the air as pcapng for Wireshark.", valueName: "file"))
  var trace: String?

  @Flag(help: "Leave keys and codes readable in the trace.")
  var traceSecrets = false

  func writer(reader: String) throws -> AirTraceWriter? {
    guard let trace else { return nil }
    return try AirTraceWriter(path: trace, reader: reader, showsSecrets: traceSecrets)
  }
}
