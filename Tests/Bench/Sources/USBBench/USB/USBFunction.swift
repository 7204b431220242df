/// What is behind a device's endpoints. It never blocks and never reads a clock.
protocol USBFunction {
  var description: DeviceDescription { get }

  /// When `advance` has something to do next; nil is never.
  var nextEvent: Duration? { get }

  mutating func advance(to now: Duration)

  /// The host wrote a transfer to an endpoint.
  mutating func receive(_ transfer: [UInt8], on endpoint: UInt8, at now: Duration)

  /// Hands over the next transfer that waits at an endpoint to the host.
  mutating func nextTransfer(from endpoint: UInt8, at now: Duration) -> [UInt8]?

  /// A class or vendor request; the data to the host, or nil to stall.
  mutating func control(_ setup: SetupPacket, _ data: [UInt8], at now: Duration) -> [UInt8]?

  /// The bus was reset. False when the device does not come back from that.
  mutating func reset(at now: Duration) -> Bool

  /// The supply was off.
  mutating func loseSupply(at now: Duration)
}

extension USBFunction {
  var nextEvent: Duration? { nil }
  mutating func advance(to now: Duration) {}
  mutating func receive(_ transfer: [UInt8], on endpoint: UInt8, at now: Duration) {}
  mutating func nextTransfer(from endpoint: UInt8, at now: Duration) -> [UInt8]? { nil }
  mutating func control(_ setup: SetupPacket, _ data: [UInt8], at now: Duration) -> [UInt8]? { nil }
  mutating func reset(at now: Duration) -> Bool { true }
  mutating func loseSupply(at now: Duration) {}
}
