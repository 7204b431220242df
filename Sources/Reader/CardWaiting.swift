import PN53x
import ReaderWire
import SmartCard

extension LibNFCReader {
  /// How long the driver is left alone at most: one that hangs while nothing happens is noticed
  /// after this time.
  static let attention = Duration.seconds(2)

  public func awaitCard(
    expecting uid: [UInt8]?, deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard {
    try await alone { () async throws(ReaderError) -> any ActivatedCard in
      var opening = EarlierOpening(isOpen: liveLink() != nil)
      while true {
        do throws(ReaderError) {
          return try await awaitCardOnce(expecting: uid ?? [], deadline: deadline)
        } catch {
          guard deadline > .now, !Task.isCancelled else {
            throw error == .deadlinePassed ? .noCard : error
          }
          guard error.isTransient || error == .noCard || opening.excuses(error) else {
            throw opening.told(error)
          }
        }
      }
    }
  }

  private func awaitCardOnce(
    expecting uid: [UInt8], deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard {
    let link = try await openLink(deadline: deadline)
    setState(.polling)
    let reply = await link.request(
      .awaitCards(expectedUID: uid),
      deadline: MonotonicClock.time(of: min(deadline, .now + Self.attention)))
    let cards: DriverMessage.Outcome
    do {
      cards = try outcome(of: reply)
    } catch {
      if state == .polling { setState(.idle) }
      throw error
    }
    guard case .cards(let detected) = cards, let first = detected.first else {
      throw .fault(.driverNonsense)
    }
    setState(.idle)
    let activation = try Activation(detected: first)
    guard detected.count == 1 else { throw .severalCards(detected.count) }
    guard activation.isISODEP else { throw .unsuitableCard(activation) }
    return card(activation, kind: first.kind)
  }

  func card(_ activation: Activation, kind: UInt8) -> ReaderCard {
    observer?.observe(.activated(activation))
    return ReaderCard(reader: self, activation: activation, kind: kind, number: newActivation())
  }

  public func cardEvents(until deadline: ContinuousClock.Instant) -> AsyncStream<CardEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(64)) { continuation in
      let task = Task {
        do throws(ReaderError) {
          try await alone { () async throws(ReaderError) in
            try await watch(until: deadline) { continuation.yield($0) }
          }
        } catch {
          if error != .cancelled { continuation.yield(.failed(error)) }
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// How often a reader that is not there is looked for.
  private static let lookTime = Duration.milliseconds(500)

  private func watch(
    until deadline: ContinuousClock.Instant, report: @escaping @Sendable (CardEvent) -> Void
  ) async throws(ReaderError) {
    var isLost = false
    while deadline > .now {
      do throws(ReaderError) {
        let link = try await openLink(deadline: deadline)
        if isLost { report(.readerBack) }
        isLost = false
        try await watch(link, until: deadline, report: report)
      } catch {
        if state == .polling { setState(.idle) }
        if Task.isCancelled { throw .cancelled }
        guard deadline > .now else { return }
        guard error.mayPass, shared.withLock({ $0.hasBeenOpen }) || error.isTransient else {
          throw error
        }
        // One that fails in use is opened again before anything is said.
        let failedToOpen = shared.withLock { $0.hasBeenOpen && $0.isLossNoticed }
        if failedToOpen, !isLost {
          report(.readerLost(error))
          isLost = true
        }
        guard !error.isTransient else { continue }
        try? await Task.sleep(until: min(deadline, .now + Self.lookTime), clock: .continuous)
      }
    }
  }

  private func watch(
    _ link: DriverLink, until deadline: ContinuousClock.Instant,
    report: @escaping @Sendable (CardEvent) -> Void
  ) async throws(ReaderError) {
    setState(.polling)
    let reply = await link.request(
      .watch, deadline: MonotonicClock.time(of: deadline),
      onEvent: { message in
        switch message {
        case .cardsEntered(_, let cards): report(CardEvent(entered: cards))
        case .cardsLeft: report(.left)
        case .fieldClear: report(.clear)
        case .answer, .chip, .readerLeft: break
        }
      })
    _ = try outcome(of: reply)
    setState(.idle)
  }
}

/// A reader that was open before an operation began. It may have gone since, which the operation is
/// the first to notice, and it may be back under another name: that is worth one look.
private struct EarlierOpening {
  private var isOpen: Bool
  private var loss: ReaderError?

  init(isOpen: Bool) { self.isOpen = isOpen }

  mutating func excuses(_ error: ReaderError) -> Bool {
    guard isOpen, error == .fault(.gone) else { return false }
    isOpen = false
    loss = error
    return true
  }

  /// What the caller is told: that nothing is there now says less than that it went.
  func told(_ error: ReaderError) -> ReaderError {
    if case .notFound = error { loss ?? error } else { error }
  }
}

extension CardEvent {
  init(entered cards: [DetectedCard]) {
    if let card = cards.first, card.kind == DetectedCard.malformed {
      self = .malformedCardEntered(String(decoding: card.activation, as: UTF8.self))
      return
    }
    var activations: [Activation] = []
    for card in cards {
      do {
        activations.append(try Activation(detected: card))
      } catch {
        guard case .malformedCard(let detail) = error else { continue }
        self = .malformedCardEntered(detail)
        return
      }
    }
    self = .entered(activations)
  }
}

extension Activation {
  /// The card behind the driver's bytes. Decoded anew on this side: the driver process may have
  /// been taken over by a card.
  init(detected card: DetectedCard) throws(ReaderError) {
    guard let kind = TargetKind(rawValue: card.kind) else { throw .fault(.driverNonsense) }
    let target: PassiveTarget
    do {
      target = try PassiveTarget(decoding: card.activation, kind: kind)
    } catch {
      throw .malformedCard(error.explanation)
    }
    do {
      self = try Activation(target)
    } catch {
      throw .malformedCard("\(error.explanation)")
    }
  }
}
