extension DeviceDescription {
  /// What reading the device's node gives: device descriptor, then the configuration.
  var descriptors: [UInt8] { deviceDescriptor + configurationDescriptor }

  var deviceDescriptor: [UInt8] {
    let names: [UInt8] = [
      manufacturer == nil ? 0 : 1, productName == nil ? 0 : 2, serialNumber == nil ? 0 : 3,
    ]
    return [18, 1] + usbVersion.littleEndian
      + [deviceClass, deviceSubclass, deviceProtocol, maximumPacketSize0]
      + vendor.littleEndian + product.littleEndian + release.littleEndian + names + [1]
  }

  var configurationDescriptor: [UInt8] {
    let body = configuration.interfaces.flatMap(\.descriptors)
    return [9, 2] + UInt16(9 + body.count).littleEndian
      + [UInt8(configuration.interfaces.count), configuration.value, 0]
      + [configuration.attributes, UInt8(configuration.maximumPower / 2)] + body
  }

  /// String descriptor `index`; 0 lists the one language, US English. Nil where there is none.
  func stringDescriptor(_ index: UInt8) -> [UInt8]? {
    let names: [String?] = [manufacturer, productName, serialNumber]
    if index == 0 { return [4, 3, 0x09, 0x04] }
    guard Int(index) <= names.count, let name = names[Int(index) - 1] else { return nil }
    let units = name.utf16.prefix(126).flatMap(\.littleEndian)
    return [UInt8(units.count + 2), 3] + units
  }
}

extension DeviceDescription.Interface {
  var descriptors: [UInt8] {
    [9, 4, number, 0, UInt8(endpoints.count), interfaceClass, subclass, interfaceProtocol, 0]
      + classDescriptors
      + endpoints.flatMap { endpoint in
        [7, 5, endpoint.address, endpoint.attributes] + endpoint.maximumPacketSize.littleEndian
          + [endpoint.interval]
      }
  }
}

extension FixedWidthInteger {
  /// The bytes, lowest first.
  var littleEndian: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
  }
}
