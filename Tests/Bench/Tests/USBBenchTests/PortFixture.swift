import Glibc
import Simulation
import Testing

@testable import USBBench

/// A port with a reader in it, and programs that ask usbdevfs, without any umockdev.
struct PortFixture {
  var port: DevicePort
  var now = Duration.zero

  init(_ model: ReaderModel = .pn533, cards: [any VirtualCard] = [], kernelDriver: String? = nil) {
    var function = model.function(serialNumber: nil, timing: .unpaced)
    if var reader = function as? any ReaderFunction {
      for card in cards { reader.host.insert(card, at: .zero) }
      function = reader
    }
    self.init(function: function, kernelDriver: kernelDriver)
  }

  init(function: any USBFunction, kernelDriver: String? = nil) {
    port = DevicePort(function: function)
    port.kernelDriver = kernelDriver
    port.plugIn(as: 2)
    port.open(1)
  }

  /// What this file is answered now; nil when it has to wait.
  mutating func ask(_ request: UsbfsRequest, file: Int = 1) -> UsbfsReply? {
    port.take(request, from: file, at: now).first { $0.file == file }?.reply
  }

  /// Lets time pass; what the file is answered on the way.
  mutating func wait(_ duration: Duration, file: Int = 1) -> UsbfsReply? {
    let end = now + duration
    while let event = port.nextEvent, event <= end {
      now = max(now, event)
      if let reply = port.advance(to: now).first(where: { $0.file == file })?.reply { return reply }
    }
    now = end
    return port.advance(to: now).first { $0.file == file }?.reply
  }

  mutating func submit(
    _ endpoint: UInt8, _ data: [UInt8] = [], capacity: Int = 300, address: UInt = 0x1000,
    file: Int = 1
  ) -> UsbfsReply? {
    ask(
      .submit(
        Submission(
          kind: .bulk, address: address, endpoint: endpoint, data: data,
          capacity: data.isEmpty ? capacity : data.count)), file: file)
  }

  /// Sends a transfer and reaps it.
  @discardableResult
  mutating func out(_ endpoint: UInt8, _ data: [UInt8]) throws -> CompletedTransfer {
    try #require(submit(endpoint, data) == .success)
    return try reaped(ask(.reap(waits: true)))
  }

  /// Fetches a transfer and reaps it.
  mutating func input(_ endpoint: UInt8, capacity: Int = 300) throws -> CompletedTransfer {
    try #require(submit(endpoint, capacity: capacity) == .success)
    return try reaped(ask(.reap(waits: true)) ?? wait(.seconds(1)))
  }

  func reaped(_ reply: UsbfsReply?) throws -> CompletedTransfer {
    guard case .reaped(let transfer) = reply else {
      throw NotReaped(reply: reply)
    }
    return transfer
  }

  struct NotReaped: Error {
    let reply: UsbfsReply?
  }
}

/// A device that notes what reaches it.
struct NotingFunction: USBFunction {
  let description = PN533Stick.deviceDescription
  private(set) var received: [[UInt8]] = []

  mutating func receive(_ transfer: [UInt8], on endpoint: UInt8, at now: Duration) {
    received.append(transfer)
  }
}

/// Frames of a PN533 by hand.
enum Frames {
  static let acknowledge: [UInt8] = [0, 0, 0xFF, 0, 0xFF, 0]
  static let negativeAcknowledge: [UInt8] = [0, 0, 0xFF, 0xFF, 0, 0]
  static let getFirmware: [UInt8] = [0, 0, 0xFF, 0x02, 0xFE, 0xD4, 0x02, 0x2A, 0]
  static let firmware: [UInt8] = [
    0, 0, 0xFF, 0x06, 0xFA, 0xD5, 0x03, 0x33, 0x02, 0x07, 0x07, 0xE5, 0,
  ]
}
