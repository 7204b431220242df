import Reader
import SmartCard
import Synchronization

/// Sees a card go, and cards come and go after it, while something else is done.
///
/// A confirmation is a card laid on after the transaction was shown: one that came earlier, or never
/// left, is none. A search cannot tell a card that stayed from one that came back before the search
/// began; so the card is looked for until it is away (`CardAbsence`), and only then others are.
final class PresenceWatch: Sendable {
  private struct State {
    var isPresent: Bool
    /// Cards that came while there was none.
    var entries = 0
    var failure: ReaderError?
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private enum Sight {
    case came, left
    case failed(ReaderError)
    case over
  }

  private let state: Mutex<State>
  private let task: Mutex<Task<Void, Never>?>

  /// - Parameter card: the card on the reader. It is let go of when it has left.
  init(
    _ card: any ActivatedCard, on reader: LibNFCReader, until deadline: ContinuousClock.Instant
  ) {
    state = Mutex(State(isPresent: true))
    task = Mutex(nil)
    let watching = Task { [weak self] in
      await Self.watch(card, on: reader, until: deadline) { self?.note($0) }
      self?.note(.over)
    }
    task.withLock { $0 = watching }
  }

  private static func watch(
    _ first: any ActivatedCard, on reader: LibNFCReader, until deadline: ContinuousClock.Instant,
    report: (Sight) -> Void
  ) async {
    var card = first
    while true {
      let isAway = await departure(of: card, from: reader, until: deadline)
      card.release()
      guard isAway else {
        if case .lost(let error) = reader.state { report(.failed(error)) }
        return
      }
      report(.left)
      do throws(ReaderError) {
        guard try await entry(on: reader, until: deadline) else { return }
        report(.came)
        card = try await reader.awaitCard(deadline: deadline)
      } catch {
        if error != .noCard, error != .cancelled { report(.failed(error)) }
        return
      }
    }
  }

  deinit { task.withLock { $0?.cancel() } }

  /// How many cards came so far.
  var entries: Int { state.withLock { $0.entries } }

  private func note(_ sight: Sight) {
    change { state in
      switch sight {
      case .came:
        state.entries += 1
        state.isPresent = true
      case .left: state.isPresent = false
      case .failed(let error): state.failure = error
      case .over: state.isOver = true
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

// MARK: - Coming and going

extension PresenceWatch {
  /// Looks until the card is away; false when the deadline came first.
  private static func departure(
    of card: any ActivatedCard, from reader: LibNFCReader, until deadline: ContinuousClock.Instant
  ) async -> Bool {
    let search = CardLook(card: card, reader: reader, deadline: deadline)
    var absence = CardAbsence()
    while ContinuousClock.now < deadline, !Task.isCancelled {
      let look = await search.look()
      absence.note(look, at: .now)
      if absence.isEnough { return true }
      try? await Task.sleep(for: look == .nothing ? .milliseconds(40) : .milliseconds(120))
    }
    return false
  }

  /// Waits for a card where there is none; false when none came. A reader that is lost is waited
  /// for.
  private static func entry(
    on reader: LibNFCReader, until deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> Bool {
    for await event in reader.cardEvents(until: deadline) {
      switch event {
      case .entered, .malformedCardEntered: return true
      case .left, .clear, .readerLost, .readerBack: break
      case .failed(let error): throw error
      }
    }
    return false
  }
}
