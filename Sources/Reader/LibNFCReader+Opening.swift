import ReaderWire

extension LibNFCReader {
  public func open(deadline: ContinuousClock.Instant) async throws(ReaderError) {
    try await alone { () async throws(ReaderError) in
      while true {
        do throws(ReaderError) {
          _ = try await openLink(deadline: deadline)
          return
        } catch {
          guard error.isUnresponsive, !Task.isCancelled, hasMoreToTry(before: deadline) else {
            throw error
          }
        }
      }
    }
  }

  private func hasMoreToTry(before deadline: ContinuousClock.Instant) -> Bool {
    shared.withLock {
      $0.ladder.hasUntried(
        $0.recovery.portActions, time: ContinuousClock.now.duration(to: deadline))
    }
  }

  /// The link to a driver that has the reader open; starts and opens what is not.
  func openLink(deadline: ContinuousClock.Instant) async throws(ReaderError) -> DriverLink {
    if let link = liveLink() { return link }
    let pause = shared.withLock { $0.ladder.pause }
    if pause > .zero {
      try? await Task.sleep(until: min(.now + pause, deadline), clock: .continuous)
      if Task.isCancelled { throw .cancelled }
    }
    setState(.opening)
    do throws(ReaderError) {
      let reader = try await located(deadline: deadline)
      let link = try startedLink()
      try await open(reader, on: link, deadline: deadline)
      opened()
      return link
    } catch {
      throw failedToOpen(error)
    }
  }

  private func opened() {
    let wasLost = shared.withLock { shared in
      shared.ladder.opened()
      shared.state = .idle
      shared.loss = nil
      shared.hasBeenOpen = true
      defer { shared.isLossNoticed = false }
      return shared.isLossNoticed
    }
    if wasLost { notice(.back) }
  }

  /// - Returns: what the caller is told: that time ran out says less than why nothing worked before.
  private func failedToOpen(_ error: ReaderError) -> ReaderError {
    let told = shared.withLock { shared in
      if error.isUnresponsive { shared.ladder.failedToOpen() }
      var told = error
      if error == .deadlinePassed, let loss = shared.loss, loss.isUnresponsive { told = loss }
      if error != .cancelled { shared.loss = told }
      shared.state = .lost(told)
      return told
    }
    if error != .cancelled { noticeLoss() }
    return told
  }

  private func startedLink() throws(ReaderError) -> DriverLink {
    let running = shared.withLock { shared -> DriverLink? in
      let link = shared.link?.hasEnded == false ? shared.link : nil
      shared.isDriverFresh = link == nil
      return link
    }
    if let running { return running }
    let link = try DriverLink.start(
      program, on: thread(), onChip: observer?.observeChip,
      onReaderLeft: { [weak self] in self?.readerLeft() })
    shared.withLock { $0.link = link }
    return link
  }

  private func open(
    _ reader: LocatedReader, on link: DriverLink, deadline: ContinuousClock.Instant
  ) async throws(ReaderError) {
    let (lastSpeed, wasInterrupted) = shared.withLock {
      ($0.lastSpeed, $0.loss != nil || $0.ladder.failures > 0)
    }
    let reply = await link.request(
      .open(
        connstring: reader.connstring, highestSpeed: highestLineSpeed, lastSpeed: lastSpeed,
        care: reader.recovery.care(wasInterrupted: wasInterrupted)),
      deadline: MonotonicClock.time(of: deadline))
    guard case .opened(let opened) = try outcome(of: reply) else {
      throw .fault(.driverNonsense)
    }
    let information = ReaderInformation(connstring: reader.connstring, opened: opened)
    shared.withLock {
      $0.information = information
      $0.lastSpeed = opened.lineSpeed
    }
  }
}

// MARK: - Recovery

extension LibNFCReader {
  /// How long a reader may take to be on the bus again after something was done to its port.
  private static let returnTime = Duration.seconds(3)
  private static let lookInterval = Duration.milliseconds(50)

  /// Where the reader is, after the step that its failures call for.
  private func located(deadline: ContinuousClock.Instant) async throws(ReaderError) -> LocatedReader
  {
    let reader = try locate()
    let time = ContinuousClock.now.duration(to: deadline)
    let (rung, wasLost) = shared.withLock { shared in
      shared.recovery = reader.recovery
      let rung = shared.ladder.next(
        isDriverFresh: shared.isDriverFresh, actions: reader.recovery.portActions, time: time)
      return (rung, shared.loss != nil)
    }
    switch rung {
    case .open:
      if wasLost { notice(.recovering(.reopening)) }
      return reader
    case .restartDriver:
      notice(.recovering(.restartingDriver))
      await endDriver()
      return reader
    case .act(let action):
      await endDriver()
      let wasDone = await action.run(deadline: deadline)
      notice(.recovering(wasDone ? .portAction(action.kind) : .portActionFailed(action.kind)))
      return try await returned(by: min(deadline, .now + Self.returnTime))
    }
  }

  private func endDriver() async {
    guard let link = shared.withLock({ $0.link.take() }) else { return }
    link.abandon()
    await link.end()
  }

  /// A reader whose port was switched leaves the bus and comes back, perhaps by another name.
  private func returned(
    by deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> LocatedReader {
    while true {
      do throws(ReaderError) {
        return try locate()
      } catch {
        guard .now + Self.lookInterval < deadline else { throw error }
        try? await Task.sleep(for: Self.lookInterval)
        if Task.isCancelled { throw .cancelled }
      }
    }
  }
}

extension RecoveryPolicy {
  func care(wasInterrupted: Bool) -> OpeningCare {
    var care: OpeningCare = leavesPowered ? .leavePowered : []
    guard drainsLateAnswers else { return care }
    care.insert(.drainAfterFailure)
    if wasInterrupted { care.insert(.drainFirst) }
    return care
  }
}

extension ReaderError {
  /// Whether the reader is there and does not work.
  var isUnresponsive: Bool {
    switch self {
    case .silent, .unidentifiedChip, .deadlinePassed: true
    case .fault(.line), .fault(.chip), .fault(.driverSilent), .fault(.driverKilled): true
    case .fault(.driverExited), .fault(.driverNonsense): true
    default: false
    }
  }
}
