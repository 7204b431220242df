import BranchClient
import Glibc
import Reader
import ReaderUSB

/// The reader a command works with, opened and handed back.
struct ReaderSession {
  let options: GlobalOptions
  private let trace: AirTraceWriter?
  private let printer: TracePrinter?

  /// - Parameter printer: shows what crosses the air; the session ends it.
  init(options: GlobalOptions, printer: TracePrinter? = nil) {
    self.options = options
    self.printer = printer
    trace = nil
  }

  /// - Throws: `CommandFailure` when the trace cannot be written.
  init(options: GlobalOptions, traceOptions: TraceOptions) throws {
    self.options = options
    trace = try traceOptions.writer(reader: options.reader ?? "reader")
    printer = traceOptions.printer
  }

  /// Opening a reader takes a tenth of a second; a broken one is given up after this.
  static let openingTime = Duration.seconds(8)
  /// How long a tap may take once the card is there, repeats after disturbances included.
  static let tapTime = Duration.seconds(15)

  /// Opens the reader, runs `body`, closes the reader whatever happens. An appliance that has the reader
  /// lends it.
  func run<Value: Sendable>(
    _ body: (LibNFCReader) async throws -> Value
  ) async throws -> Value {
    try checkName()
    let loan = try await ApplianceLoan.asked(for: namedReader.flatMap(Self.locate), options)
    do {
      let value = try await runAlone(body)
      await loan?.end()
      return value
    } catch {
      await loan?.end()
      throw error
    }
  }

  private func runAlone<Value: Sendable>(
    _ body: (LibNFCReader) async throws -> Value
  ) async throws -> Value {
    let reader: LibNFCReader
    do throws(ReaderError) {
      reader = try await open()
    } catch {
      await printer?.finish()
      throw CommandFailure(error)
    }
    do {
      let value = try await withTaskExecutorPreference(try reader.executor()) {
        try await body(reader)
      }
      await close(reader)
      try trace?.finish()
      return value
    } catch {
      await close(reader)
      throw error
    }
  }

  private func close(_ reader: LibNFCReader) async {
    await reader.close()
    await printer?.finish()
  }

  private func open() async throws(ReaderError) -> LibNFCReader {
    if let name = namedReader { return try await open(name) }
    var first: ReaderError?
    for intrusive in [false, true] {
      let found = try await ReaderDirectory().connstrings(
        intrusive: intrusive, deadline: .now + .seconds(20))
      for connstring in found {
        do throws(ReaderError) {
          return try await open(connstring, isAnyReader: true)
        } catch {
          if error == .cancelled { throw error }
          options.note("\(connstring): \(error.explanation)")
          first = first ?? error
        }
      }
      if !found.isEmpty { break }
    }
    throw first ?? Self.unseenReader() ?? .noReader
  }

  /// Why libnfc does not even list a reader that is on the bus: it leaves out what it cannot open.
  private static func unseenReader() -> ReaderError? {
    let bus = USBBus()
    return bus.readers().filter(\.reader.isDrivable).lazy
      .compactMap { bus.obstacle(to: $0) }.compactMap { ReaderError($0) }.first
  }

  /// - Throws: `CommandFailure` when the reader's name tells a port, and no reader is there.
  func checkName() throws {
    guard let name = namedReader else { return }
    do throws(ReaderNameError) {
      _ = try ReaderName.connstring(for: name, on: USBBus())
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The reader named by option or environment; libnfc's own variables count as well.
  var namedReader: String? {
    if let reader = options.reader { return reader }
    for name in ["SMARTOTP_READER", "LIBNFC_DEFAULT_DEVICE", "LIBNFC_DEVICE"] {
      if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
    }
    return nil
  }

  private var observer: AirObserver? {
    guard let trace, let printer else { return trace?.observer ?? printer?.observer }
    return AirObserver(trace.observer, printer.observer)
  }

  /// - Parameters:
  ///   - isAnyReader: whether the user did not ask for this very one.
  ///   - mayTouchPort: whether a reader that does not answer may be reset or switched off and on,
  ///     where the table of readers allows it.
  func open(
    _ connstring: String, isAnyReader: Bool = false, mayTouchPort: Bool = true
  ) async throws(ReaderError) -> LibNFCReader {
    let locator = ReaderLocator(name: connstring, isAnyReader: isAnyReader)
    let reader = LibNFCReader(
      connstring: connstring, highestLineSpeed: options.lineSpeed, observer: observer,
      noticed: { options.note($0, about: connstring) },
      locate: { () throws(ReaderError) in
        var located = try locator.locate()
        if !mayTouchPort { located.recovery.portActions = [] }
        return located
      })
    do throws(ReaderError) {
      try await reader.open(deadline: .now + Self.openingTime)
    } catch {
      await reader.close()
      throw Self.explained(error, opening: connstring)
    }
    if let information = reader.information {
      let speed = information.lineSpeed.map { ", \($0) baud" } ?? ""
      options.note("opened \(connstring): \(information.chip)\(speed)")
    }
    return reader
  }
}

extension ReaderSession {
  /// libnfc's name for a reader, looked up on the bus each time when it is named by its port.
  static func locate(_ name: String) -> String? {
    try? ReaderName.connstring(for: name, on: USBBus())
  }

  /// libnfc does not say why a USB reader does not open; the system may know.
  private static func explained(_ error: ReaderError, opening name: String) -> ReaderError {
    guard case .silent = error, let connstring = locate(name) else { return error }
    return USBBus().obstacle(to: connstring).flatMap { ReaderError($0, at: name) } ?? error
  }

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
