import CUSB

/// Resetting a device where it is plugged in.
public enum PortReset {
  /// Whether a reset is known to do this product no harm.
  public static func isAllowed(for identifier: USBIdentifier) -> Bool {
    KnownReader.find(identifier)?.quirks.contains(.mayReset) ?? false
  }

  /// Sends a USB reset to the device in a port. It keeps its number, or returns with another one.
  ///
  /// - Throws: `.resetForbidden` for products that the table does not allow it for.
  public static func perform(at port: USBPort, bus: USBBus = USBBus()) throws(USBError) {
    guard let device = bus.devices().first(where: { $0.port == port }) else {
      throw .nothingThere(port)
    }
    guard isAllowed(for: device.identifier) else {
      let name = KnownReader.find(device.identifier)?.name ?? device.ownName
      throw .resetForbidden(port, name ?? "device")
    }
    try USBContext().withDevice(at: port) { (device) throws(USBError) in
      var handle: OpaquePointer?
      let opened = libusb_open(device, &handle)
      guard opened == 0, let handle else { throw USBError(opened, at: port) }
      defer { libusb_close(handle) }
      let result = libusb_reset_device(handle)
      // "Not found" says that the device came back as a new one: reset all the same.
      guard result == 0 || result == LIBUSB_ERROR_NOT_FOUND.rawValue else {
        throw USBError(result, at: port)
      }
    }
  }
}
