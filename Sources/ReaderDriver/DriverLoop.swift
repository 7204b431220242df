import PN53x
import ReaderWire

/// Carries out one request after the other until the pipe closes. Everything libnfc does happens
/// here, on one thread.
final class DriverLoop {
  private let pipe: RequestPipe
  private var device: ReaderDevice?
  private var opening: (connstring: String, highestSpeed: UInt32, care: OpeningCare)?
  private var currentRequest: UInt32 = 0
  private var tracesChip = false
  var pace = PollPace()

  init(pipe: RequestPipe) { self.pipe = pipe }

  func run() {
    defer {
      // Nobody listens any more.
      tracesChip = false
      device?.close()
    }
    do throws(RequestPipe.Closed) {
      while true {
        guard let request = try pipe.next(watching: device?.departure) else {
          // A device that is held keeps its name from the one that comes back.
          device?.close()
          device = nil
          try pipe.send(.readerLeft)
          continue
        }
        // A cancel that comes after its request was answered has nothing left to end.
        if request.operation == .cancel { continue }
        currentRequest = request.id
        let outcome = try carryOut(request)
        if request.operation.hasAnswer { try pipe.send(.answer(id: request.id, outcome)) }
      }
    } catch {}
  }

  private func carryOut(
    _ request: DriverRequest
  ) throws(RequestPipe.Closed) -> DriverMessage.Outcome {
    // What is left goes to the answer's way back.
    let budget = TimeBudget(
      microseconds: request.budget > 4000 ? request.budget - 2000 : request.budget / 2)
    do throws(Interruption) {
      return try outcome(of: request, within: budget)
    } catch {
      switch error {
      case .fault(let fault): return .failed(fault)
      case .closed: throw .closed
      }
    }
  }

  /// Either way a request can end early.
  enum Interruption: Error {
    case fault(DriverFault)
    case closed
  }

  private func outcome(
    of request: DriverRequest, within budget: TimeBudget
  ) throws(Interruption) -> DriverMessage.Outcome {
    switch request.operation {
    case .list(let intrusive):
      return .connstrings(
        try checked { () throws(DriverFault) in
          try LibNFC(intrusiveScan: intrusive).connstrings()
        })
    case .open(let connstring, let highestSpeed, let lastSpeed, let care):
      return .opened(
        try checked { () throws(DriverFault) in
          try open(connstring, highestSpeed, lastSpeed, care, within: budget)
        })
    case .close:
      device?.close()
      device = nil
      opening = nil
      return .done
    case .awaitCards(let uid):
      return .cards(try awaitCards(expecting: uid, within: budget))
    case .watch: return try watch(request.id, within: budget)
    case .exchange(let apdu):
      return .bytes(
        try checked { () throws(DriverFault) in try opened().exchange(apdu, within: budget) })
    case .reactivate(let kind, let uid):
      return .cards([try reactivate(kind: kind, uid: uid, within: budget)])
    case .release:
      try checked { () throws(DriverFault) in try opened().release(within: budget) }
      return .done
    case .chipCommand(let bytes):
      return .bytes(
        try checked { () throws(DriverFault) in
          guard !bytes.isEmpty else { throw DriverFault(.state, detail: "empty chip command") }
          return try opened().command(ChipCommand(raw: bytes), within: budget)
        })
    case .traceChip:
      tracesChip = true
      return .done
    case .cancel: return .done
    }
  }

  func checked<Value>(
    _ body: () throws(DriverFault) -> Value
  ) throws(Interruption) -> Value {
    do throws(DriverFault) { return try body() } catch { throw .fault(error) }
  }

  func isCancelled(within milliseconds: Int = 0) throws(Interruption) -> Bool {
    do throws(RequestPipe.Closed) {
      return try pipe.isCancelled(currentRequest, within: milliseconds)
    } catch {
      throw .closed
    }
  }

  func report(_ message: DriverMessage) throws(Interruption) {
    do throws(RequestPipe.Closed) { try pipe.send(message) } catch { throw .closed }
  }
}

// MARK: - Opening

extension DriverLoop {
  func opened() throws(DriverFault) -> ReaderDevice {
    guard let device else { throw DriverFault(.notOpen) }
    return device
  }

  private var chipReport: ((ChipExchange) -> Void)? {
    guard tracesChip else { return nil }
    return { [weak self] exchange in
      guard let self, tracesChip else { return }
      // A closed pipe ends the loop at its next word.
      try? pipe.send(.chip(id: currentRequest, exchange))
    }
  }

  var usesUSB: Bool { device?.connstring.bus == .usb }

  private func open(
    _ connstring: String, _ highestSpeed: UInt32, _ lastSpeed: UInt32, _ care: OpeningCare,
    within budget: TimeBudget
  ) throws(DriverFault) -> OpenedReader {
    device?.close()
    device = nil
    let device = try ReaderDevice.open(
      connstring, highestSpeed: highestSpeed, lastSpeed: lastSpeed, care: care,
      library: LibNFC(report: chipReport), within: budget)
    self.device = device
    opening = (connstring, highestSpeed, care)
    return device.description
  }

  /// Closes the reader and opens it again. A line that failed at a high speed gets the next lower
  /// one from now on.
  func reopen(within budget: TimeBudget) throws(DriverFault) {
    guard let opening else { throw DriverFault(.notOpen) }
    var highest = opening.highestSpeed
    let last = device?.lineSpeed
    if let last, last != .initial, let slower = last.slower { highest = slower.bitsPerSecond }
    _ = try open(
      opening.connstring, highest, last?.bitsPerSecond ?? 0, opening.care, within: budget)
  }
}
