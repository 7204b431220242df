/// What a device says of itself, and what sysfs repeats of it (USB 2.0 §9.6).
public struct DeviceDescription: Equatable, Sendable {
  /// Binary coded: 0x0200 is 2.00.
  public var usbVersion: UInt16
  public var deviceClass: UInt8 = 0
  public var deviceSubclass: UInt8 = 0
  public var deviceProtocol: UInt8 = 0
  public var maximumPacketSize0: UInt8
  public var vendor: UInt16
  public var product: UInt16
  /// Binary coded.
  public var release: UInt16
  public var manufacturer: String?
  public var productName: String?
  public var serialNumber: String?
  /// What sysfs calls it, megabits a second.
  public var speed = "12"
  public var configuration: Configuration

  public struct Configuration: Equatable, Sendable {
    public var value: UInt8 = 1
    public var attributes: UInt8 = 0x80
    /// Milliamperes.
    public var maximumPower: Int
    public var interfaces: [Interface]
  }

  public struct Interface: Equatable, Sendable {
    public var number: UInt8
    public var interfaceClass: UInt8
    public var subclass: UInt8 = 0
    public var interfaceProtocol: UInt8 = 0
    /// Class-specific descriptors between interface and endpoints.
    public var classDescriptors: [UInt8] = []
    public var endpoints: [Endpoint]
  }

  public struct Endpoint: Equatable, Sendable {
    /// Bit 7 is set for endpoints to the host.
    public var address: UInt8
    /// 2 bulk, 3 interrupt.
    public var attributes: UInt8
    public var maximumPacketSize: UInt16
    public var interval: UInt8 = 0
  }

  func interface(_ number: UInt8) -> Interface? {
    configuration.interfaces.first { $0.number == number }
  }

  /// The endpoint with this address, and the interface it belongs to.
  func endpoint(_ address: UInt8) -> (endpoint: Endpoint, interface: UInt8)? {
    for interface in configuration.interfaces {
      if let endpoint = interface.endpoints.first(where: { $0.address == address }) {
        return (endpoint, interface.number)
      }
    }
    return nil
  }
}
