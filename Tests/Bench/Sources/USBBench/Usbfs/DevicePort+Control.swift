import Simulation

extension DevicePort {
  /// A control transfer; nil stalls.
  mutating func control(
    _ setup: SetupPacket, _ data: [UInt8], at now: Duration
  ) -> [UInt8]? {
    guard setup.isStandard else { return function.control(setup, data, at: now) }
    return standard(setup)
  }

  /// Standard requests (USB 2.0 §9.4).
  private mutating func standard(_ setup: SetupPacket) -> [UInt8]? {
    switch (setup.requestType, setup.request) {
    case (0x80, 6): return descriptor(setup.valueHigh, setup.valueLow)
    case (0x80, 0): return [description.configuration.attributes & 0x40 == 0 ? 0 : 1, 0]
    case (0x81, 0), (0x82, 0): return [0, 0]
    case (0x80, 8): return [configuration]
    case (0x81, 10): return [0]
    case (0x00, 9):
      guard setup.valueLow == description.configuration.value else { return nil }
      setConfiguration(setup.valueLow)
      return []
    case (0x01, 11): return setup.value == 0 ? [] : nil
    case (0x02, 1):
      clearHalt(UInt8(truncatingIfNeeded: setup.index))
      return []
    default: return nil
    }
  }

  private func descriptor(_ kind: UInt8, _ index: UInt8) -> [UInt8]? {
    switch (kind, index) {
    case (1, 0): description.deviceDescriptor
    case (2, 0): description.configurationDescriptor
    case (3, _): description.stringDescriptor(index)
    default: nil
    }
  }
}
