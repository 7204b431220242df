import Reader
import ReaderUSB

/// Finds out why a reader does not work. Looks at the machine first, and opens the reader only when
/// nothing was seen that opening it would disturb or that would make it fail.
public struct Diagnosis: Sendable {
  private let system: SystemRoot
  private let readerName: String?
  private let open: @Sendable (String) -> any DiagnosableReader
  /// The clock that latencies are measured on.
  var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

  /// With the programs' own limit, a broken reader is named within ten seconds.
  var limits = Limits()

  struct Limits {
    var opening = Duration.seconds(4)
    /// For all questions together.
    var examination = Duration.seconds(3)
    var command = Duration.milliseconds(700)
  }

  /// - Parameters:
  ///   - reader: the reader to examine, by port or connstring; nil finds one.
  ///   - open: makes the connection to a reader by libnfc's name for it.
  public init(
    system: SystemRoot, reader: String?, open: @escaping @Sendable (String) -> any DiagnosableReader
  ) {
    self.system = system
    readerName = reader
    self.open = open
  }

  public func run() async -> Report {
    let machine = await MachineFacts(system: system, readerName: readerName)
    let untouched = Report(
      facts: Facts(machine: machine, reader: ReaderFacts(opening: .notTried)))
    guard let connstring = machine.target?.connstring?.text,
      !Self.forbidsOpening(untouched)
    else { return untouched }
    let reader = open(connstring)
    var facts = await ReaderExamination(
      reader, limits: limits, now: now,
      loadedLibrary: { system.loadedLibNFC() }
    ).run()
    await reader.close()
    facts.connstring = connstring
    if case .failed(let error) = facts.opening, error.leavesLineToBeHeard {
      facts.serialAnswer = await listen(machine.target?.connstring)
    }
    if let attached = machine.target?.attached {
      facts.hasLeft = await hasLeft(attached, afterFailure: facts.hasFailed)
    }
    return Report(facts: Facts(machine: machine, reader: facts), earlier: untouched)
  }

  /// The line itself is heard where libnfc understood nothing.
  private func listen(_ connstring: Connstring?) async -> SerialAnswer? {
    guard let connstring, connstring.driver == "pn532_uart", let path = connstring.path else {
      return nil
    }
    return await system.serialPorts.answer(at: path)
  }

  /// A reader that is unplugged fails first; the bus shows it some moments later.
  private func hasLeft(_ reader: AttachedReader, afterFailure: Bool) async -> Bool {
    for _ in 0..<(afterFailure ? 10 : 1) {
      let isThere = USBBus(files: system.files).devices().contains {
        $0.port == reader.device.port && $0.deviceNumber == reader.device.deviceNumber
      }
      guard isThere else { return true }
      if afterFailure { try? await Task.sleep(for: .milliseconds(50)) }
    }
    return false
  }

  /// Whether something failed that explains beforehand why the reader will not open.
  private static func forbidsOpening(_ report: Report) -> Bool {
    guard let opening = report.results.first(where: { $0.check.id == "reader-opens" }) else {
      return false
    }
    return opening.blockedBy != nil
  }
}

extension ReaderError {
  /// Whether the port was opened, and what was on it did not behave as a reader.
  fileprivate var leavesLineToBeHeard: Bool {
    switch self {
    case .silent, .unidentifiedChip, .deadlinePassed, .fault(.line), .fault(.chip): true
    default: false
    }
  }
}
