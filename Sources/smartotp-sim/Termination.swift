import Dispatch
import Foundation

/// SIGINT and SIGTERM end the simulation in order.
enum Termination {
  /// Runs the clean-up on the first such signal, then exits with 0.
  static func onSignal(_ cleanUp: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        cleanUp()
        exit(0)
      }
      source.activate()
      sources.withLock { $0.append(source) }
    }
  }

  static func waitForSignal() { dispatchMain() }

  private static let sources = SourceList()

  private final class SourceList: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [any DispatchSourceSignal] = []

    func withLock(_ body: (inout [any DispatchSourceSignal]) -> Void) {
      lock.withLock { body(&list) }
    }
  }
}

func flushOutput() { fflush(nil) }
