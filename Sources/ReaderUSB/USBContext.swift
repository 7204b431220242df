import CUSB

/// libusb's context. Owned by the thread that made it, and used there only.
final class USBContext {
  let pointer: OpaquePointer

  init() throws(USBError) {
    var pointer: OpaquePointer?
    let result = libusb_init(&pointer)
    guard result == 0, let pointer else { throw .library(result) }
    self.pointer = pointer
  }

  deinit { libusb_exit(pointer) }

  /// Handles what happens on the bus until something does or the time has passed.
  func handleEvents(microseconds: Int) {
    var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    libusb_handle_events_timeout_completed(pointer, &time, nil)
  }

  /// Runs `body` with the device in a port, if there is one.
  func withDevice<Value>(
    at port: USBPort, _ body: (OpaquePointer) throws(USBError) -> Value
  ) throws(USBError) -> Value {
    var list: UnsafeMutablePointer<OpaquePointer?>?
    let count = libusb_get_device_list(pointer, &list)
    guard count >= 0, let list else { throw .library(Int32(truncatingIfNeeded: count)) }
    defer { libusb_free_device_list(list, 1) }
    for index in 0..<count {
      guard let device = list[index], Self.port(of: device) == port else { continue }
      return try body(device)
    }
    throw .nothingThere(port)
  }

  private static func port(of device: OpaquePointer) -> USBPort? {
    var numbers = [UInt8](repeating: 0, count: 8)
    let count = libusb_get_port_numbers(device, &numbers, Int32(numbers.count))
    guard count > 0 else { return nil }
    let ports = numbers.prefix(Int(count)).map { String($0) }.joined(separator: ".")
    return USBPort("\(libusb_get_bus_number(device))-\(ports)")
  }
}
