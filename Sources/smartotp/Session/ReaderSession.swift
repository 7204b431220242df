import Glibc
import Reader

/// The reader a command works with, opened and handed back.
struct ReaderSession {
  let options: GlobalOptions
  private let trace: AirTraceWriter?

  init(options: GlobalOptions) {
    self.options = options
    trace = nil
  }

  /// - Throws: `CommandFailure` when the trace cannot be written.
  init(options: GlobalOptions, traceOptions: TraceOptions) throws {
    self.options = options
    trace = try traceOptions.writer(reader: options.reader ?? "reader")
  }

  /// Opening a reader takes a tenth of a second; a broken one is given up after this.
  static let openingTime = Duration.seconds(8)
  /// How long a tap may take once the card is there, repeats after disturbances included.
  static let tapTime = Duration.seconds(15)

  /// Opens the reader, runs `body`, closes the reader whatever happens.
  func run<Value>(
    _ body: (LibNFCReader) async throws -> Value
  ) async throws -> Value {
    let reader: LibNFCReader
    do throws(ReaderError) {
      reader = try await open()
    } catch {
      throw CommandFailure(error)
    }
    do {
      let value = try await body(reader)
      await reader.close()
      try trace?.finish()
      return value
    } catch {
      await reader.close()
      throw error
    }
  }

  private func open() async throws(ReaderError) -> LibNFCReader {
    if let name = namedReader { return try await open(name) }
    var first: ReaderError?
    for intrusive in [false, true] {
      let found = try await ReaderDirectory().connstrings(
        intrusive: intrusive, deadline: .now + .seconds(20))
      for connstring in found {
        do throws(ReaderError) {
          return try await open(connstring)
        } catch {
          if error == .cancelled { throw error }
          options.note("\(connstring): \(error.explanation)")
          first = first ?? error
        }
      }
      if !found.isEmpty { break }
    }
    throw first ?? .noReader
  }

  /// The reader named by option or environment; libnfc's own variables count as well.
  var namedReader: String? {
    if let reader = options.reader { return reader }
    for name in ["SMARTOTP_READER", "LIBNFC_DEFAULT_DEVICE", "LIBNFC_DEVICE"] {
      if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
    }
    return nil
  }

  func open(_ connstring: String) async throws(ReaderError) -> LibNFCReader {
    let reader = LibNFCReader(
      connstring: connstring, highestLineSpeed: options.lineSpeed, observer: trace?.observer)
    do throws(ReaderError) {
      try await reader.open(deadline: .now + Self.openingTime)
    } catch {
      await reader.close()
      throw error
    }
    if let information = reader.information {
      let speed = information.lineSpeed.map { ", \($0) baud" } ?? ""
      options.note("opened \(connstring): \(information.chip)\(speed)")
    }
    return reader
  }
}

extension ReaderSession {
  /// Waits for a card, and tells a person at the terminal that it does.
  func card(
    on reader: LibNFCReader, wait: Double
  ) async throws -> any ActivatedCard {
    let prompt = Task {
      try await Task.sleep(for: .milliseconds(700))
      if StandardError.isTerminal { StandardError.line("Lay the card on the reader.") }
    }
    defer { prompt.cancel() }
    do throws(ReaderError) {
      return try await reader.awaitCard(deadline: .now + .seconds(wait))
    } catch {
      throw CommandFailure(error)
    }
  }
}
