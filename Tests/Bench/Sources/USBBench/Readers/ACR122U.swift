import Simulation

/// An ACR122U: a PN532 behind a microcontroller that speaks CCID. Chip commands travel in
/// pseudo-APDUs (ACS, ACR122U API 2.04).
struct ACR122U: ReaderFunction {
  static let deviceDescription = DeviceDescription(
    usbVersion: 0x0110, maximumPacketSize0: 8, vendor: 0x072F, product: 0x2200, release: 0x0214,
    manufacturer: "ACS", productName: "ACR122U PICC Interface",
    configuration: .init(
      maximumPower: 200,
      interfaces: [
        .init(
          number: 0, interfaceClass: 0x0B, classDescriptors: ccidDescriptor,
          endpoints: [
            .init(address: 0x81, attributes: 3, maximumPacketSize: 8, interval: 16),
            .init(address: 0x02, attributes: 2, maximumPacketSize: 64),
            .init(address: 0x82, attributes: 2, maximumPacketSize: 64),
          ])
      ]))

  /// Short APDUs, one slot, messages of 271 bytes at most (CCID 1.1 §5.1).
  private static let ccidDescriptor: [UInt8] = {
    let protocols: [UInt32] = [0x0000_0003, 4_000, 4_000]
    let rates: [UInt32] = [10_752, 250_000]
    let limits: [UInt32] = [247, 0, 0, 0x0001_0030, UInt32(longestMessage)]
    var bytes: [UInt8] = [54, 0x21, 0x00, 0x01, 0, 0x07]
    bytes += protocols.flatMap(\.littleEndian)
    bytes.append(0)
    bytes += rates.flatMap(\.littleEndian)
    bytes.append(0)
    bytes += limits.flatMap(\.littleEndian)
    bytes += [0x00, 0x00, 0x00, 0x00, 0x00, 0x01]
    return bytes
  }()

  static let longestMessage = 271
  static let firmware = "ACR122U214"

  var host: HostedChip
  private let serialNumber: String?
  private var outgoing = OutgoingTransfers()
  /// The message whose answer the chip owes.
  private var waiting: CCIDMessage?
  private(set) var operatingParameter: UInt8 = 0xFF
  private(set) var ledState: UInt8 = 0x02

  init(serialNumber: String?, timing: Timing) {
    self.serialNumber = serialNumber
    host = HostedChip(model: .pn532, timing: timing)
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

  mutating func nextTransfer(from endpoint: UInt8, at now: Duration) -> [UInt8]? {
    endpoint == 0x82 ? outgoing.next() : nil
  }

  mutating func receive(_ transfer: [UInt8], on endpoint: UInt8, at now: Duration) {
    // A zero-length packet only ends the transfer before it.
    guard !transfer.isEmpty, let message = CCIDMessage(transfer) else { return }
    switch message.kind {
    case CCIDMessage.Kind.powerOn:
      // No card in the slot that the reader itself would have activated.
      send(to: message, CCIDMessage.Kind.dataBlock, status: [0x42, 0xFE, 0x00])
    case CCIDMessage.Kind.powerOff, CCIDMessage.Kind.slotStatus:
      send(to: message, CCIDMessage.Kind.slotStatusAnswer, status: [0x02, 0x00, 0x00])
    case CCIDMessage.Kind.transferBlock, CCIDMessage.Kind.escape:
      execute(message, at: now)
    default:
      // Command not supported (CCID 1.1 §6.2.6).
      send(to: message, CCIDMessage.Kind.slotStatusAnswer, status: [0x42, 0x00, 0x00])
    }
  }

  // MARK: Pseudo-APDUs

  private mutating func execute(_ message: CCIDMessage, at now: Duration) {
    let apdu = message.data
    guard apdu.count >= 5, apdu[0] == 0xFF else { return answer(message, [0x6E, 0x00]) }
    let parameter = apdu[3]
    switch (apdu[1], apdu[2]) {
    case (0x00, 0x00): transmit(message, at: now)
    case (0x00, 0x40): setLED(message)
    case (0x00, 0x41), (0x00, 0x52): answer(message, [0x90, 0x00])
    case (0x00, 0x48): answer(message, Array(Self.firmware.utf8))
    case (0x00, 0x50): answer(message, [0x90, operatingParameter])
    case (0x00, 0x51):
      operatingParameter = parameter
      answer(message, [0x90, parameter])
    default: answer(message, [0x63, 0x00])
    }
  }

  /// Direct transmit: a chip command with its frame identifier. A command that was running is given
  /// up for it.
  private mutating func transmit(_ message: CCIDMessage, at now: Duration) {
    let command = Array(message.data.dropFirst(5))
    guard command.count == Int(message.data[4]), command.count >= 2, command[0] == 0xD4 else {
      return answer(message, [0x63, 0x00])
    }
    waiting = message
    switch host.begin(Array(command.dropFirst()), at: now) {
    case .acknowledged: deliver()
    case .negativelyAcknowledged, .ignored:
      waiting = nil
      answer(message, [0x63, 0x00])
    }
  }

  private mutating func setLED(_ message: CCIDMessage) {
    let control = message.data[3]
    guard message.data.count == 9, message.data[4] == 4 else {
      return answer(message, [0x63, 0x00])
    }
    // Bits 2 and 3 say whether bits 0 (red) and 1 (green) are meant.
    let mask = control >> 2 & 0x03
    ledState = ledState & ~mask | control & mask
    answer(message, [0x90, ledState])
  }

  private mutating func deliver() {
    guard let result = host.takeAnswer(), let message = waiting.take() else { return }
    switch result {
    case .data(let data): answer(message, [0xD5] + data + [0x90, 0x00])
    case .syntaxError: answer(message, [0x63, 0x7F])
    }
  }

  /// The answer to an APDU; one that does not fit a message is refused.
  private mutating func answer(_ message: CCIDMessage, _ bytes: [UInt8]) {
    let fits = bytes.count <= Self.longestMessage - CCIDMessage.headSize
    send(
      to: message,
      message.kind == CCIDMessage.Kind.escape
        ? CCIDMessage.Kind.escapeAnswer : CCIDMessage.Kind.dataBlock,
      status: [0x00, 0x81, 0x00], fits ? bytes : [0x63, 0x00])
  }

  private mutating func send(
    to message: CCIDMessage, _ kind: UInt8, status: [UInt8], _ data: [UInt8] = []
  ) {
    outgoing.append(
      CCIDMessage(
        kind: kind, slot: message.slot, sequence: message.sequence, specific: status, data: data
      ).encoded)
  }

  mutating func addLateAnswer() {
    outgoing.appendLate(
      CCIDMessage(
        kind: CCIDMessage.Kind.dataBlock, slot: 0, sequence: 0, specific: [0x00, 0x81, 0x00],
        data: [0xD5, 0x4B, 0x00, 0x90, 0x00]
      ).encoded)
  }

  // MARK: The bus

  mutating func reset(at now: Duration) -> Bool {
    forget()
    host.abort()
    return true
  }

  mutating func loseSupply(at now: Duration) {
    forget()
    outgoing.loseSupply()
    host.loseSupply()
    operatingParameter = 0xFF
    ledState = 0x02
  }

  private mutating func forget() {
    outgoing.discard()
    waiting = nil
  }
}
