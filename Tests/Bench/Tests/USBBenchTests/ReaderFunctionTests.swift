import Simulation
import Testing

@testable import USBBench

@Suite("The readers' own electronics")
struct ReaderFunctionTests {
  // MARK: ACR122U

  /// What an ACR122U answers to an APDU in a message.
  private func answer(_ apdu: [UInt8], _ fixture: inout PortFixture) throws -> CCIDMessage {
    try fixture.out(0x02, CCIDMessage(kind: 0x6F, sequence: 7, data: apdu).encoded)
    return try #require(CCIDMessage(try fixture.input(0x82).bytes))
  }

  @Test("A chip command in a pseudo-APDU is answered with the chip's answer and 9000")
  func directTransmit() throws {
    var fixture = PortFixture(.acr122u)
    let message = try answer([0xFF, 0, 0, 0, 2, 0xD4, 0x02], &fixture)
    #expect(message.kind == 0x80 && message.sequence == 7)
    #expect(message.data == [0xD5, 0x03, 0x32, 0x01, 0x06, 0x07, 0x90, 0x00])
  }

  @Test("A chip command the chip does not understand is 637F, one with a wrong length 6300")
  func refusedCommands() throws {
    var fixture = PortFixture(.acr122u)
    #expect(try answer([0xFF, 0, 0, 0, 2, 0xD4, 0xEE], &fixture).data == [0x63, 0x7F])
    #expect(try answer([0xFF, 0, 0, 0, 3, 0xD4, 0x02], &fixture).data == [0x63, 0x00])
    #expect(try answer([0xFF, 0, 0, 0, 1, 0xD4], &fixture).data == [0x63, 0x00])
    #expect(try answer([0x00, 0xA4, 4, 0, 0], &fixture).data == [0x6E, 0x00])
    #expect(try answer([0xFF, 0x70, 0, 0, 0], &fixture).data == [0x63, 0x00])
  }

  @Test("Firmware text, lights and operating parameter are the reader's own")
  func ownCommands() throws {
    var fixture = PortFixture(.acr122u)
    #expect(try answer([0xFF, 0, 0x48, 0, 0], &fixture).data == Array("ACR122U214".utf8))
    #expect(try answer([0xFF, 0, 0x40, 0x0D, 4, 1, 1, 1, 0], &fixture).data == [0x90, 0x01])
    #expect(try answer([0xFF, 0, 0x40, 0x08, 4, 1, 1, 1, 0], &fixture).data == [0x90, 0x01])
    #expect(try answer([0xFF, 0, 0x51, 0x7F, 0], &fixture).data == [0x90, 0x7F])
    #expect(try answer([0xFF, 0, 0x50, 0, 0], &fixture).data == [0x90, 0x7F])
    fixture.port.unplug(at: .zero)
    fixture.port.plugIn(as: 3)
    fixture.port.open(1)
    #expect(try answer([0xFF, 0, 0x50, 0, 0], &fixture).data == [0x90, 0xFF])
  }

  @Test("Slot power and status are answered without a card in the slot")
  func slot() throws {
    var fixture = PortFixture(.acr122u)
    for (kind, answered, status) in [(0x62, 0x80, 0x42), (0x63, 0x81, 0x02), (0x65, 0x81, 0x02)] {
      try fixture.out(0x02, CCIDMessage(kind: UInt8(kind), sequence: 1).encoded)
      let message = try #require(CCIDMessage(try fixture.input(0x82).bytes))
      #expect(message.kind == UInt8(answered) && message.specific[0] == UInt8(status))
    }
  }

  @Test("A message whose length is not its data's is no message")
  func malformed() throws {
    #expect(CCIDMessage([]) == nil)
    #expect(CCIDMessage([0x6F, 1, 0, 0, 0, 0, 0, 0, 0, 0]) == nil)
    #expect(CCIDMessage([0x6F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]) == nil)
    #expect(CCIDMessage([0x6F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0]) == nil)
    var fixture = PortFixture(.acr122u)
    try fixture.out(0x02, [])
    try fixture.out(0x02, [0x6F])
    #expect(fixture.submit(0x82) == .success)
    #expect(fixture.ask(.reap(waits: false)) == nil)
  }

  // MARK: PN533

  @Test("A frame split over two transfers, or damaged, is passed over in silence")
  func damagedFrame() throws {
    var fixture = PortFixture()
    try fixture.out(0x04, Array(Frames.getFirmware.prefix(4)))
    try fixture.out(0x04, Array(Frames.getFirmware.dropFirst(4)))
    var damaged = Frames.getFirmware
    damaged[6] ^= 1
    try fixture.out(0x04, damaged)
    #expect(fixture.submit(0x84) == .success)
    #expect(fixture.ask(.reap(waits: false)) == nil)
  }

  @Test("The last answer comes again for the asking")
  func repetition() throws {
    var fixture = PortFixture()
    try fixture.out(0x04, Frames.getFirmware)
    _ = try fixture.input(0x84)
    _ = try fixture.input(0x84)
    try fixture.out(0x04, Frames.negativeAcknowledge)
    #expect(try fixture.input(0x84).bytes == Frames.firmware)
  }

  @Test("An acknowledgement from the host takes back its command and what was not fetched")
  func abort() throws {
    var fixture = PortFixture()
    try fixture.out(0x04, Frames.getFirmware)
    try fixture.out(0x04, Frames.acknowledge)
    #expect(fixture.submit(0x84) == .success)
    #expect(fixture.ask(.reap(waits: false)) == nil)
  }

  @Test("A PN533 opens its answers about registers with a status byte")
  func registers() throws {
    var fixture = PortFixture()
    try fixture.out(0x04, ChipFrameBytes.command([0x06, 0xFF, 0xB0]))
    _ = try fixture.input(0x84)
    #expect(try fixture.input(0x84).bytes == ChipFrame.answer([0x07, 0x00, 0x00]).encoded)
  }

  @Test("A chip that lost a fault's race answers late, muted not at all")
  func chipFaults() throws {
    var fixture = PortFixture()
    fixture.arm(.chip(command: 0, .delay(.milliseconds(50))))
    fixture.arm(.chip(command: 1, .mute))
    try fixture.out(0x04, Frames.getFirmware)
    #expect(try fixture.input(0x84).bytes == Frames.acknowledge)
    #expect(try fixture.input(0x84).bytes == Frames.firmware)
    #expect(fixture.now == .milliseconds(50))
    try fixture.out(0x04, Frames.getFirmware)
    #expect(try fixture.input(0x84).bytes == Frames.acknowledge)
    #expect(fixture.submit(0x84) == .success)
    #expect(fixture.wait(.seconds(10)) == nil)
  }
}

/// Frames to the chip.
enum ChipFrameBytes {
  static func command(_ body: [UInt8]) -> [UInt8] {
    let length = UInt8(body.count + 1)
    let sum = body.reduce(0xD4, &+)
    return [0, 0, 0xFF, length, 0 &- length, 0xD4] + body + [0 &- sum, 0]
  }
}

extension PortFixture {
  mutating func arm(_ fault: Fault) {
    guard var function = port.function as? any ReaderFunction else { return }
    function.host.arm(fault)
    port.function = function
  }
}
