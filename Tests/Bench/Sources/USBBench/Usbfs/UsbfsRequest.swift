/// What a program asks of usbdevfs, taken out of its memory.
enum UsbfsRequest: Equatable {
  case getCapabilities
  case getSpeed
  case connectInfo
  case claim(interface: UInt8)
  case release(interface: UInt8)
  case setConfiguration(UInt8)
  case setInterface(UInt8, alternate: UInt8)
  case reset
  case clearHalt(endpoint: UInt8)
  case getDriver(interface: UInt8)
  case disconnectDriver(interface: UInt8)
  case connectDriver(interface: UInt8)
  /// Disconnect and claim in one; the driver's name is a condition, met or not met.
  case disconnectClaim(interface: UInt8, DriverCondition)
  case submit(Submission)
  case discard(address: UInt)
  case reap(waits: Bool)
  /// A synchronous transfer; a limit of 0 ms is none.
  case transfer(Submission, limitMilliseconds: UInt32)
  case unknown

  enum DriverCondition: Equatable {
    case any
    case only(String)
    case except(String)
  }
}

/// A transfer as a program hands it over.
struct Submission: Equatable {
  enum Kind: UInt8 {
    case isochronous, interrupt, control, bulk
  }

  var kind: Kind
  /// Where the request block lies in the program's memory; its name until it is reaped.
  var address: UInt = 0
  /// Bit 7 is set for transfers to the host.
  var endpoint: UInt8
  /// Of a control transfer.
  var setup: SetupPacket?
  /// What goes to the device.
  var data: [UInt8]
  /// How many bytes may come from it.
  var capacity: Int
}

/// What usbdevfs says.
enum UsbfsReply: Equatable {
  case success
  case failure(Int32)
  /// Bytes to put into the structure the program gave.
  case structure([UInt8])
  case reaped(CompletedTransfer)
  /// A synchronous transfer is done; what it brought.
  case transferred(count: Int, [UInt8])
}

/// A request block that is done.
struct CompletedTransfer: Equatable {
  var address: UInt
  /// 0, or an errno's negative.
  var status: Int32
  var count: Int
  /// What the device sent.
  var bytes: [UInt8]
}
