import NIOCore
import Synchronization

/// The open connections: bounded, and closed together.
final class Connections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isStopping = false
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.channels.count } }

  /// Counts one more; false when there are too many, or no more are taken.
  func add(_ channel: any Channel) -> Bool {
    let isAdded = state.withLock { state in
      guard !state.isStopping, state.channels.count < limit else { return false }
      state.channels[ObjectIdentifier(channel)] = channel
      return true
    }
    if isAdded {
      channel.closeFuture.whenComplete { [weak self] _ in self?.remove(channel) }
    }
    return isAdded
  }

  private func remove(_ channel: any Channel) {
    state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
  }

  /// Takes no more; those that are idle close now, the others with their answer, and what is left
  /// after `grace` anyhow.
  func stop(grace: TimeAmount) {
    let channels = state.withLock { state in
      state.isStopping = true
      return Array(state.channels.values)
    }
    for channel in channels {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
      channel.eventLoop.scheduleTask(in: grace) { channel.close(promise: nil) }
    }
  }
}
