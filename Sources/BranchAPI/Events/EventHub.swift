import Appliance
import HTTPService
import Synchronization

/// The last events, and who listens for more. Streams read from here at their own pace.
final class EventHub: Sendable {
  static let capacity = 256
  private static let batchLimit = 64

  /// Tells this start's events from those of another.
  let start: String
  private let streamLimit: Int
  private let state = Mutex(State())

  private struct State {
    var events: [ApplianceEvent] = []
    /// The position of the last event; each is one after the one before.
    var newest: Int64 = 0
    var lastID: Int64?
    var listeners: [UInt64: AsyncStream<Void>.Continuation] = [:]
    var nextListener: UInt64 = 0
    var isClosed = false
  }

  init(streamLimit: Int, start: String = String(RequestID.random().prefix(8))) {
    self.streamLimit = streamLimit
    self.start = start
  }

  var streamCount: Int { state.withLock { $0.listeners.count } }

  func append(_ event: ApplianceEvent) {
    state.withLock { state in
      // An event that is missing before this one is missing for everybody who has not got further.
      if let last = state.lastID, event.id != last + 1 {
        state.events.removeAll()
        state.newest += 1
      }
      state.lastID = event.id
      state.newest += 1
      state.events.append(event)
      if state.events.count > Self.capacity { state.events.removeFirst() }
      for listener in state.listeners.values { listener.yield() }
    }
  }

  // MARK: Reading

  enum Batch {
    /// The first is at `first`; none when there is nothing new.
    case events([ApplianceEvent], first: Int64)
    /// What comes after the position is gone.
    case lost(newest: Int64)
  }

  /// What comes after a position, as far as it fits in one piece.
  func events(after position: Int64) -> Batch {
    state.withLock { state in
      let first = state.newest - Int64(state.events.count) + 1
      guard (first - 1...state.newest).contains(position) else {
        return .lost(newest: state.newest)
      }
      let rest = state.events.dropFirst(Int(position - first + 1))
      return .events(Array(rest.prefix(Self.batchLimit)), first: position + 1)
    }
  }

  // MARK: Listening

  struct Listener {
    let number: UInt64
    /// Yields when there may be something new; ends with the server.
    let wakes: AsyncStream<Void>
    let wake: AsyncStream<Void>.Continuation
    /// Where it begins when it has no history.
    let newest: Int64
  }

  /// One more listener; nil when there are too many, or no more are taken.
  func listen() -> Listener? {
    state.withLock { state in
      guard !state.isClosed, state.listeners.count < streamLimit else { return nil }
      let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
      state.nextListener += 1
      state.listeners[state.nextListener] = wake
      return Listener(
        number: state.nextListener, wakes: wakes, wake: wake, newest: state.newest)
    }
  }

  func leave(_ listener: Listener) {
    listener.wake.finish()
    state.withLock { $0.listeners[listener.number] = nil }
  }

  /// Ends all streams, and takes no more.
  func close() {
    let listeners = state.withLock { state in
      state.isClosed = true
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
