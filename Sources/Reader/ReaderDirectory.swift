import ReaderWire

/// Finds readers.
public struct ReaderDirectory: Sendable {
  private let program: DriverProgram

  public init(program: DriverProgram = .installed) { self.program = program }

  /// Connstrings of the readers libnfc finds, its configured ones first.
  ///
  /// - Parameter intrusive: also send bytes to every serial port to see whether a PN532 answers.
  ///   Takes up to two seconds a silent port, and disturbs whatever else is attached there.
  public func connstrings(
    intrusive: Bool = false, deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> [String] {
    let thread = try ReaderThread()
    defer { thread.stop() }
    let link = try DriverLink.start(program, on: thread)
    let reply = await link.request(
      .list(intrusive: intrusive), deadline: MonotonicClock.time(of: deadline))
    await link.end()
    switch reply {
    case .outcome(.connstrings(let list)): return list
    case .outcome(.failed(let fault)): throw ReaderError(fault)
    case .outcome, .killedForNonsense: throw .fault(.driverNonsense)
    case .deadlinePassed: throw .deadlinePassed
    case .ended(.signal(let signal)): throw .fault(.driverKilled(signal: signal))
    case .ended(.exit(let status)): throw .fault(.driverExited(status: status))
    case .killedForSilence: throw .fault(.driverSilent)
    }
  }
}
