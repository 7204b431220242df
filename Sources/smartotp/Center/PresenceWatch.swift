import Reader
import SmartCard
import Synchronization

/// Sees a card go, and cards come and go after it, while something else is done.
///
/// A confirmation is a card laid on after the transaction was shown: one that came earlier, or never
/// left, is none. A search cannot tell a card that stayed from one that came back before the search
/// began; so the card is asked until it no longer answers, and only then others are looked for.
final class PresenceWatch: Sendable {
  private struct State {
    var isPresent: Bool
    /// Cards that came while there was none.
    var entries = 0
    var failure: ReaderError?
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let task: Mutex<Task<Void, Never>?>

  /// How often the card is asked.
  private static let interval = Duration.milliseconds(120)
  private static let answerTime = Duration.milliseconds(500)
  /// A card that is back within this time has not left: nobody taps so fast, and a disturbance must
  /// not pass for a tap.
  private static let returnTime = Duration.milliseconds(150)

  /// - Parameter card: the card on the reader. It is let go of when it has left.
  init(
    _ card: any ActivatedCard, on reader: LibNFCReader, until deadline: ContinuousClock.Instant
  ) {
    state = Mutex(State(isPresent: true))
    task = Mutex(nil)
    let watching = Task { [weak self] in
      await Self.departure(of: card, until: deadline)
      card.release()
      self?.note(.left)
      for await event in reader.cardEvents(until: deadline) { self?.note(event) }
      self?.change { $0.isOver = true }
    }
    task.withLock { $0 = watching }
  }

  /// Returns when the card did not answer twice in a row.
  private static func departure(
    of card: any ActivatedCard, until deadline: ContinuousClock.Instant
  ) async {
    var silences = 0
    while silences < 2, ContinuousClock.now < deadline, !Task.isCancelled {
      silences = await answers(card) ? 0 : silences + 1
      if silences == 0 { try? await Task.sleep(for: interval) }
    }
  }

  private static func answers(_ card: any ActivatedCard) async -> Bool {
    guard let select = try? CommandAPDU(parsing: selectCommand) else { return false }
    do throws(CardError) {
      _ = try await card.transmit(select, deadline: .now + answerTime)
      return true
    } catch {
      return (try? await card.reactivate(deadline: .now + returnTime)) != nil
    }
  }

  /// SELECT of the OATH application: changes nothing, and every card answers something.
  private static let selectCommand: [UInt8] = [
    0x00, 0xA4, 0x04, 0x00, 0x07, 0xA0, 0x00, 0x00, 0x05, 0x27, 0x21, 0x01,
  ]

  deinit { task.withLock { $0?.cancel() } }

  /// How many cards came so far.
  var entries: Int { state.withLock { $0.entries } }

  private func note(_ event: CardEvent) {
    change { state in
      switch event {
      case .entered, .malformedCardEntered:
        if !state.isPresent { state.entries += 1 }
        state.isPresent = true
      case .left: state.isPresent = false
      // Whether the card left meanwhile nobody saw: only a departure that was seen makes what
      // follows a tap.
      case .readerLost, .readerBack: break
      case .failed(let error): state.failure = error
      }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let waiting = state.withLock { state in
      body(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until no card is there.
  ///
  /// - Returns: false when it came to nothing, or one more than `count` has come already.
  func departure(after count: Int) async -> Bool {
    while true {
      let (isPresent, isOver) = state.withLock {
        ($0.isPresent, $0.isOver || $0.failure != nil || $0.entries > count)
      }
      if isOver || Task.isCancelled { return false }
      if !isPresent { return true }
      await change(while: {
        $0.isPresent && !$0.isOver && $0.failure == nil && $0.entries <= count
      })
    }
  }

  /// Waits for a card after so many that came before.
  ///
  /// - Throws: what the reader failed with; `noCard` at the deadline.
  func nextEntry(after count: Int) async throws(ReaderError) {
    while true {
      let (entries, failure, isOver) = state.withLock { ($0.entries, $0.failure, $0.isOver) }
      if entries > count { return }
      if let failure { throw failure }
      if isOver { throw .noCard }
      if Task.isCancelled { throw .cancelled }
      await change(while: { $0.entries <= count && $0.failure == nil && !$0.isOver })
    }
  }

  /// Waits for the next change, while `isUndecided`.
  private func change(while isUndecided: @escaping @Sendable (borrowing State) -> Bool) async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDue = state.withLock { state in
          let isDue = !isUndecided(state) || Task.isCancelled
          if !isDue { state.waiting.append(continuation) }
          return isDue
        }
        if isDue { continuation.resume() }
      }
    } onCancel: {
      change { _ in }
    }
  }

  /// Ends the watch and gives the reader back.
  func stop() async {
    let watching = task.withLock { $0.take() }
    watching?.cancel()
    await watching?.value
  }
}
