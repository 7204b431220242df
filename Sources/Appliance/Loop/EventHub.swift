import SmartOTP
import Synchronization

/// Gives what happens to whoever listens. A listener that is slow loses the oldest.
final class EventHub: Sendable {
  private struct State {
    var nextID: Int64 = 1
    var listeners: [Int: AsyncStream<ApplianceEvent>.Continuation] = [:]
    var nextListener = 0
  }

  static let bufferedCount = 256
  private let state = Mutex(State())

  func publish(
    _ kind: ApplianceEvent.Kind, _ value: String, transaction: TransactionID? = nil, _ text: String
  ) {
    state.withLock { state in
      let event = ApplianceEvent(
        id: state.nextID, time: ApplianceClock.unixTime(), kind: kind, value: value,
        transaction: transaction, text: text)
      state.nextID += 1
      for listener in state.listeners.values { listener.yield(event) }
    }
  }

  func events() -> AsyncStream<ApplianceEvent> {
    AsyncStream(bufferingPolicy: .bufferingNewest(Self.bufferedCount)) { continuation in
      let number = state.withLock { state in
        state.nextListener += 1
        state.listeners[state.nextListener] = continuation
        return state.nextListener
      }
      continuation.onTermination = { [weak self] _ in
        self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
      }
    }
  }

  func finish() {
    let listeners = state.withLock { state in
      defer { state.listeners = [:] }
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}
