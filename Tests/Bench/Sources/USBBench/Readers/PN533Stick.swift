import Simulation

/// An SCL3711: the PN533's own USB interface. Each frame of the chip is one bulk transfer, the
/// acknowledgement another.
struct PN533Stick: ReaderFunction {
  static let deviceDescription = DeviceDescription(
    usbVersion: 0x0110, maximumPacketSize0: 8, vendor: 0x04E6, product: 0x5591, release: 0x0207,
    manufacturer: "SCM Micro", productName: "SCL3711-NFC&RW",
    configuration: .init(
      maximumPower: 100,
      interfaces: [
        .init(
          number: 0, interfaceClass: 0xFF, subclass: 0xFF, interfaceProtocol: 0xFF,
          endpoints: [
            .init(address: 0x04, attributes: 2, maximumPacketSize: 64, interval: 4),
            .init(address: 0x84, attributes: 2, maximumPacketSize: 64, interval: 4),
          ])
      ]))

  var host: HostedChip
  private let serialNumber: String?
  private var receiver = FrameReceiver()
  private var outgoing = OutgoingTransfers()
  private var lastAnswer: ChipFrame?

  init(serialNumber: String?, timing: Timing) {
    self.serialNumber = serialNumber
    host = HostedChip(model: .pn533, timing: timing)
  }

  var description: DeviceDescription {
    var description = Self.deviceDescription
    description.serialNumber = serialNumber
    return description
  }

  var nextEvent: Duration? { host.nextEvent }

  mutating func advance(to now: Duration) {
    host.advance(to: now)
    deliver()
  }

  mutating func receive(_ transfer: [UInt8], on endpoint: UInt8, at now: Duration) {
    receiver = FrameReceiver()
    for byte in transfer {
      if let frame = receiver.receive(byte) { take(frame, at: now) }
    }
  }

  private mutating func take(_ frame: HostFrame, at now: Duration) {
    switch frame {
    case .acknowledge:
      // The host gives up: nothing more will come of the command, its answer included.
      host.abort()
      outgoing.discard()
    case .negativeAcknowledge:
      if let lastAnswer { outgoing.append(lastAnswer.encoded) }
    case .malformed:
      outgoing.append(ChipFrame.acknowledge.encoded)
      outgoing.append(ChipFrame.syntaxError.encoded)
    case .command(let command):
      switch host.begin(command, at: now) {
      case .acknowledged: outgoing.append(ChipFrame.acknowledge.encoded)
      case .negativelyAcknowledged: outgoing.append(ChipFrame.negativeAcknowledge.encoded)
      case .ignored: break
      }
      deliver()
    }
  }

  private mutating func deliver() {
    guard let answer = host.takeAnswer() else { return }
    let frame: ChipFrame =
      switch answer {
      case .data(let data): .answer(data)
      case .syntaxError: .syntaxError
      }
    lastAnswer = frame
    outgoing.append(frame.encoded)
  }

  mutating func addLateAnswer() {
    outgoing.appendLate(ChipFrame.answer([0x4B, 0x00]).encoded)
  }

  mutating func nextTransfer(from endpoint: UInt8, at now: Duration) -> [UInt8]? {
    endpoint == 0x84 ? outgoing.next() : nil
  }

  /// A bus reset makes it forget its descriptors: it does not come back before it is replugged
  /// (nfc-tools/libnfc issue 90).
  func reset(at now: Duration) -> Bool { false }

  mutating func loseSupply(at now: Duration) {
    host.loseSupply()
    outgoing.loseSupply()
    lastAnswer = nil
  }
}
