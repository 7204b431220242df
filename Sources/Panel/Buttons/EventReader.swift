import CLinux

/// Takes the records of an evdev node (linux/input.h, `struct input_event`) apart.
struct EventReader {
  private var rest: [UInt8] = []

  private static let size = MemoryLayout<input_event>.stride

  /// The codes of the keys that went down in these bytes; repeats and releases are none.
  mutating func keysPressed(in bytes: ArraySlice<UInt8>) -> [UInt16] {
    rest += bytes
    var keys: [UInt16] = []
    var offset = 0
    while rest.count - offset >= Self.size {
      let event = rest[offset..<(offset + Self.size)].withUnsafeBytes {
        $0.loadUnaligned(as: input_event.self)
      }
      if event.type == UInt16(EV_KEY) && event.value == 1 { keys.append(event.code) }
      offset += Self.size
    }
    rest.removeFirst(offset)
    return keys
  }
}
