import Glibc
import Synchronization
import Threads

@testable import Panel

/// A computer that a keyboard is plugged into: takes reports, types what they mean, keeps Num Lock.
final class VirtualKeyboardHost: Sendable {
  struct State {
    var numLockIsOn: Bool
    /// Whether it sets the keyboard's lights; a Mac does not, and has digits on the keypad always.
    var tellsLights: Bool
    var isFrench = false
    var text = ""
    var keysDown: [UInt8] = []
    var violations: [String] = []
    var reportCount = 0
    var isPulledAtNumLock = false
  }

  let state: Mutex<State>
  /// For the driver to open.
  let device: Int32
  private let socket: Int32

  /// - Parameter polls: so many reports are fetched, and then none until `fetch`.
  init(
    numLockIsOn: Bool = true, tellsLights: Bool = true, isFrench: Bool = false,
    polls: Int = .max
  ) {
    var ends: [Int32] = [-1, -1]
    _ = socketpair(
      AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
    (device, socket) = (ends[0], ends[1])
    // The least there is: as with the gadget's node, room for more means that the host has fetched.
    var least: Int32 = 1
    setsockopt(device, SOL_SOCKET, SO_SNDBUF, &least, socklen_t(MemoryLayout<Int32>.size))
    state = Mutex(State(numLockIsOn: numLockIsOn, tellsLights: tellsLights, isFrench: isFrench))
    if polls > 0 { start(polls) }
  }

  deinit {
    close(device)
    close(socket)
  }

  /// A descriptor as opening the node gives it.
  func open() -> Int32 { fcntl(device, F_DUPFD_CLOEXEC, 3) }

  /// Lets no report in any more until some are fetched.
  func fill() {
    let report = KeyReport.released
    while write(device, report, report.count) > 0 {}
  }

  /// Fetches so many reports.
  func fetch(_ count: Int) {
    for _ in 0..<count { take(from: socket) }
  }

  /// What the host says without being asked, as when it finds the keyboard.
  func tellLights() { state.withLock { tell($0) } }

  /// Everything typed so far.
  var text: String {
    fetch(1000)
    return state.withLock { $0.text }
  }

  /// The cable is pulled.
  func pull() { shutdown(socket, Int32(SHUT_RDWR)) }

  /// Fetches from now on.
  func wakeUp() { start(.max) }

  private func start(_ polls: Int) {
    let socket = fcntl(socket, F_DUPFD_CLOEXEC, 3)
    DetachedThread.run { [weak self] in
      var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      while poll(&event, 1, 60_000) > 0, event.revents & Int16(POLLHUP) == 0 {
        guard let self, self.fetch(upTo: polls) else { break }
      }
      close(socket)
    }
  }

  /// - Returns: whether it goes on after that.
  private func fetch(upTo limit: Int) -> Bool {
    take(from: socket)
    return state.withLock { $0.reportCount } < limit
  }

  private func take(from socket: Int32) {
    state.withLock { state in
      var report = [UInt8](repeating: 0, count: 64)
      let count = read(socket, &report, report.count)
      guard count > 0 else { return }
      state.reportCount += 1
      guard count == 8, report[0] == 0, report[1] == 0 else {
        state.violations.append("report \(report.prefix(count))")
        return
      }
      let down = report[2..<8].filter { $0 != 0 }
      for usage in down where !state.keysDown.contains(usage) { press(usage, &state) }
      state.keysDown = down
    }
  }

  private func press(_ usage: UInt8, _ state: inout State) {
    let hasDigits = state.numLockIsOn || !state.tellsLights
    switch usage {
    case 0x53 where state.isPulledAtNumLock: pull()
    case 0x53:
      state.numLockIsOn.toggle()
      tell(state)
    case 0x58, 0x28: state.text += "\n"
    case 0x59...0x62: state.text += hasDigits ? String((usage - 0x58) % 10) : "<arrow>"
    case 0x1E...0x27:
      let position = Int(usage - 0x1E)
      state.text += String(Array(state.isFrench ? "&é\"'(-è_çà" : "1234567890")[position])
    default: state.violations.append("usage \(usage)")
    }
  }

  private func tell(_ state: State) {
    guard state.tellsLights else { return }
    var lights: UInt8 = state.numLockIsOn ? 1 : 0
    _ = write(socket, &lights, 1)
  }
}
