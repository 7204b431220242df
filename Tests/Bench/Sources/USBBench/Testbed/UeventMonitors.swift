import Glibc
import Synchronization

/// Programs that listen for udev's events in a testbed.
///
/// umockdev can send events only from a process that itself sees the testbed. The bench must not:
/// so it speaks udev's monitor protocol (systemd, `device-monitor.c`) to the sockets that umockdev's
/// preloaded library puts where a program would have its netlink socket.
final class UeventMonitors: Sendable {
  private let root: String
  private let lastSequence = Atomic<UInt64>(0)

  init(root: String) { self.root = root }

  /// - Parameters:
  ///   - action: add, remove, bind, unbind or change.
  ///   - path: the device's path below /sys.
  func announce(_ action: String, _ path: String, _ properties: [(String, String)]) {
    let sequence = lastSequence.add(1, ordering: .relaxed).newValue
    let all =
      [("ACTION", action), ("DEVPATH", path), ("SEQNUM", "\(sequence)")] + properties
    let body: [UInt8] = all.flatMap { name, value -> [UInt8] in
      Array("\(name)=\(value)".utf8) + [0]
    }
    let message = Self.head(properties, bodySize: body.count) + body
    for name in Folder.names(in: root) where name.hasPrefix("event") {
      send(message, to: "\(root)/\(name)")
    }
  }

  /// A name and a magic number, sizes and offsets, and hashes by which a monitor's socket filters
  /// before the program wakes up. Magic and hashes are in network order.
  private static func head(_ properties: [(String, String)], bodySize: Int) -> [UInt8] {
    let size: UInt32 = 40
    let sizes: [UInt32] = [size, size, UInt32(bodySize)]
    let hashes = ["SUBSYSTEM", "DEVTYPE"].map { name in
      properties.first { $0.0 == name }.map { MurmurHash2.hash($0.1) } ?? 0
    }
    return Array("libudev\0".utf8) + UInt32(0xFEED_CAFE).bigEndian.littleEndian
      + sizes.flatMap(\.littleEndian) + hashes.flatMap(\.bigEndian.littleEndian)
      + [UInt8](repeating: 0, count: 8)
  }

  private func send(_ message: [UInt8], to path: String) {
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    // A monitor that was closed has left its socket behind; there is nobody to tell.
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(
          descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0,
          socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
