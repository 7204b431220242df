import Glibc
import Reader
import Synchronization
import Trace

/// Writes air events to a pcapng file as they happen.
final class AirTraceWriter: Sendable {
  private struct State {
    var trace: AirTrace
    var failure: Int32?
  }

  private let descriptor: Int32
  private let path: String
  private let file = TraceFile()
  private let state: Mutex<State>

  /// - Throws: `CommandFailure` when the file cannot be written. It is readable by its owner only.
  init(path: String, reader: String, showsSecrets: Bool) throws {
    let masking: Masking = showsSecrets ? .none : .secrets
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    state = Mutex(State(trace: AirTrace(masking: masking)))
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw CommandFailure(
        "cannot write \(path): \(reason)", errno == EACCES ? .permission : .badData)
    }
    state.withLock {
      write(file.header(reader: reader, application: "smartotp", masking: masking), &$0)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  var observer: AirObserver {
    AirObserver { [self] event in
      state.withLock { state in
        let frames =
          switch event {
          case .activated(let activation): state.trace.activated(activation)
          case .command(let apdu): state.trace.command(apdu)
          case .response(let apdu): state.trace.response(apdu)
          case .lost: state.trace.lost()
          }
        write(file.frames(frames, at: WallClock.now()), &state)
      }
    }
  }

  /// - Throws: `CommandFailure` when something could not be written on the way.
  func finish() throws {
    guard let failure = state.withLock({ $0.failure }) else { return }
    throw CommandFailure(
      "\(path) is not complete: \(String(cString: strerror(failure)))", .badData)
  }

  private func write(_ bytes: [UInt8], _ state: inout State) {
    var sent = 0
    while sent < bytes.count, state.failure == nil {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count > 0 { sent += count } else if errno != EINTR { state.failure = errno }
    }
  }
}
