import CLinux
import Glibc

/// Whether the system's wall clock may be trusted. A Raspberry Pi has none that runs without power, and
/// goes on from where it was shut down until a time server is reached.
public struct SystemClock: Sendable {
  let root: String
  private let kernelSaysSo: @Sendable () -> Bool

  public init() { self.init(root: "", kernelSaysSo: { linux_clock_is_synchronized() == 1 }) }

  init(root: String, kernelSaysSo: @escaping @Sendable () -> Bool) {
    self.root = root
    self.kernelSaysSo = kernelSaysSo
  }

  /// It follows a time server or did since the start, or a clock chip set it then.
  ///
  /// The kernel may not be asked under `ProtectClock=` (systemd.exec(5)); the other two may.
  public var isSet: Bool { serverWasReached || chipSetIt || kernelSaysSo() }

  /// systemd-timesyncd makes this file at its first answer, below /run: it is gone after a restart.
  private var serverWasReached: Bool {
    access(root + "/run/systemd/timesync/synchronized", F_OK) == 0
  }

  /// The kernel's note of the chip that it took the time from (Documentation/ABI/testing/rtc-cdev,
  /// rtc `hctosys`).
  private var chipSetIt: Bool {
    let folder = root + "/sys/class/rtc"
    guard let directory = opendir(folder) else { return false }
    defer { closedir(directory) }
    // More chips than any board has.
    for _ in 0..<64 {
      guard let entry = readdir(directory) else { return false }
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix("rtc") else { continue }
      if firstByte(of: folder + "/" + name + "/hctosys") == UInt8(ascii: "1") { return true }
    }
    return false
  }

  private func firstByte(of path: String) -> UInt8? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var byte: UInt8 = 0
    return read(file, &byte, 1) == 1 ? byte : nil
  }
}
