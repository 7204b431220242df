import Appliance
import CLinux
import Glibc

/// Reads one input device until it is told to stop. A device that is pulled out, or not there yet, is
/// looked for again, at first soon and then ever less often.
struct ButtonThread: Sendable {
  let path: String
  let cancelKeys: Set<UInt16>
  let stop: StopSignal
  let report: @Sendable (Press) -> Void

  private static let shortestPauseMilliseconds = 100
  private static let longestPauseMilliseconds = 5_000

  func run() {
    var pause = Self.shortestPauseMilliseconds
    while true {
      if let file = try? DeviceFile(opening: path, flags: O_RDONLY), read(file) {
        pause = Self.shortestPauseMilliseconds
      }
      if stop.wait(milliseconds: pause) { return }
      pause = min(pause * 2, Self.longestPauseMilliseconds)
    }
  }

  /// Reads until the device is gone or the stop signal is given.
  ///
  /// - Returns: whether anything came from it.
  private func read(_ file: borrowing DeviceFile) -> Bool {
    var events = EventReader()
    var bytes = [UInt8](repeating: 0, count: 64 * MemoryLayout<input_event>.stride)
    var anythingCame = false
    while stop.waitUntilReadable(file.descriptor) {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file.descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count > 0 else { return anythingCame }
      anythingCame = true
      for key in events.keysPressed(in: bytes[..<count]) where cancelKeys.contains(key) {
        report(.cancel)
      }
    }
    return anythingCame
  }
}
