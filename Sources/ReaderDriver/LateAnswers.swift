import CLinux
import Glibc

extension USBNode {
  /// No reader keeps more than a few.
  private static let mostLateAnswers = 8
  /// What a reader has, it gives at once.
  private static let patience: UInt32 = 20

  /// Reads away what the reader still has to say about commands of an earlier time: libnfc would take
  /// it for the answer to its first command, and every answer from then on would be one late.
  /// Nothing when somebody else has the reader. Takes 20 ms when there is nothing to read.
  func drainLateAnswers() {
    let node = open(path, O_RDWR | O_CLOEXEC)
    guard node >= 0 else { return }
    defer { close(node) }
    guard let endpoint = Self.bulkInput(of: node), linux_usb_claim(node, 0) >= 0 else { return }
    defer { _ = linux_usb_release(node, 0) }
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
      for _ in 0..<Self.mostLateAnswers {
        let count = linux_usb_read(
          node, UInt32(endpoint), buffer.baseAddress, UInt32(buffer.count), Self.patience)
        guard count >= 0 else { return }
      }
    }
  }

  /// The node reads as the device's descriptors.
  private static func bulkInput(of node: Int32) -> UInt8? {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = bytes.withUnsafeMutableBytes { read(node, $0.baseAddress, $0.count) }
    return bulkInput(in: bytes[..<max(0, count)])
  }

  /// The first endpoint for bulk transfers to the host (USB 2.0, 9.6.6).
  static func bulkInput(in descriptors: ArraySlice<UInt8>) -> UInt8? {
    var rest = descriptors
    while let length = rest.first, length >= 2, rest.count >= Int(length) {
      let descriptor = Array(rest.prefix(Int(length)))
      if descriptor[1] == 5, descriptor.count >= 7, descriptor[2] & 0x80 != 0,
        descriptor[3] & 0x03 == 2
      {
        return descriptor[2]
      }
      rest = rest.dropFirst(Int(length))
    }
    return nil
  }
}
