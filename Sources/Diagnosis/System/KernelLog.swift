import ReaderUSB

/// The kernel's messages since the start, as far as its buffer keeps them.
struct KernelLog: Sendable {
  /// Nil when this user may not read it.
  private let messages: [String]?

  init(files: FileTree) {
    messages = files.text("/dev/kmsg", limit: 1 << 21).map { text in
      text.split(separator: "\n").compactMap { record in
        // A record is "priority,number,time,flags;message"; lines that go on begin with a space.
        record.hasPrefix(" ")
          ? nil : record.firstIndex(of: ";").map { DisplayText.safe(record[$0...].dropFirst()) }
      }
    }
  }

  var isReadable: Bool { messages != nil }

  /// Messages about the device in a port, or about the port itself.
  func about(_ port: USBPort) -> [String] {
    let hub = port.hubName
    let names = ["usb \(port): ", "usb \(hub)-port\(port.ports.last ?? 0): "]
    return (messages ?? []).filter { message in names.contains { message.hasPrefix($0) } }
  }
}
