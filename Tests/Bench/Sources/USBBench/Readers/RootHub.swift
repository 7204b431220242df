/// A bus's own hub, which `lsusb` expects on every bus.
struct RootHub: USBFunction {
  static let portCount: UInt8 = 8

  let description = DeviceDescription(
    usbVersion: 0x0200, deviceClass: 9, deviceProtocol: 1, maximumPacketSize0: 64,
    vendor: 0x1D6B, product: 0x0002, release: 0x0601,
    manufacturer: "Linux xhci-hcd", productName: "xHCI Host Controller",
    serialNumber: "0000:00:14.0", speed: "480",
    configuration: .init(
      attributes: 0xE0, maximumPower: 0,
      interfaces: [
        .init(
          number: 0, interfaceClass: 9,
          endpoints: [.init(address: 0x81, attributes: 3, maximumPacketSize: 4, interval: 12)])
      ]))

  /// Hub descriptor and port status (USB 2.0 §11.24).
  func control(_ setup: SetupPacket, _ data: [UInt8], at now: Duration) -> [UInt8]? {
    switch (setup.requestType, setup.request) {
    case (0xA0, 0x06): [9, 0x29, Self.portCount, 0x0A, 0x00, 10, 0, 0x00, 0xFF]
    case (0xA0, 0x00): [0, 0, 0, 0]
    case (0xA3, 0x00): [0x00, 0x01, 0, 0]
    default: nil
    }
  }
}
