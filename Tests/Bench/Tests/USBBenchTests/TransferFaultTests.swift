import Glibc
import Simulation
import Testing

@testable import USBBench

@Suite("Transfers that go wrong")
struct TransferFaultTests {
  private func fixture(
    _ action: TransferFault.Action, pipe: TransferFault.Pipe? = nil, index: Int = 0
  ) -> PortFixture {
    var fixture = PortFixture()
    fixture.port.faults.arm((pipe, action), index: index, repeats: false)
    return fixture
  }

  @Test("A stalled endpoint stays halted until the halt is cleared")
  func stall() throws {
    var fixture = fixture(.stall)
    #expect(try fixture.out(0x04, Frames.getFirmware).status == -EPIPE)
    #expect(try fixture.out(0x04, Frames.getFirmware).status == -EPIPE)
    #expect(fixture.ask(.clearHalt(endpoint: 0x04)) == .success)
    #expect(try fixture.out(0x04, Frames.getFirmware).status == 0)
    #expect(fixture.ask(.clearHalt(endpoint: 0x05)) == .failure(ENOENT))
  }

  @Test("A disturbed transfer does nothing: what the device had for the host stays")
  func disturbed() throws {
    var fixture = fixture(.disturbed, pipe: .input)
    try fixture.out(0x04, Frames.getFirmware)
    #expect(try fixture.input(0x84).status == -EPROTO)
    #expect(try fixture.input(0x84).bytes == Frames.acknowledge)
  }

  @Test("A short transfer loses its end")
  func short() throws {
    var fixture = fixture(.short(3), pipe: .input)
    try fixture.out(0x04, Frames.getFirmware)
    let cut = try fixture.input(0x84)
    #expect(cut.bytes == [0, 0, 0xFF] && cut.count == 3 && cut.status == 0)
    #expect(try fixture.input(0x84).bytes == Frames.firmware)
  }

  @Test("More than the host has room for is an overflow, with a fault or without")
  func babble() throws {
    var fixture = fixture(.babble, pipe: .input)
    try fixture.out(0x04, Frames.getFirmware)
    #expect(try fixture.input(0x84).status == -EOVERFLOW)
    let tight = try fixture.input(0x84, capacity: 8)
    #expect(tight.status == -EOVERFLOW && tight.bytes == Array(Frames.firmware.prefix(8)))
  }

  @Test("A bus reset ends what is under way, and a stick with it")
  func reset() throws {
    for (model, isLost) in [(ReaderModel.acr122u, false), (.pn533, true)] {
      var fixture = PortFixture(model)
      fixture.port.faults.arm((nil, .reset), index: 0, repeats: false)
      let endpoint: UInt8 = model == .acr122u ? 0x82 : 0x84
      #expect(try fixture.input(endpoint).status == -EPROTO)
      #expect((fixture.port.deviceNumber == nil) == isLost)
      #expect(fixture.port.owner(of: 0) == nil)
    }
  }

  @Test("A transfer that hangs is there to be discarded")
  func hang() throws {
    var fixture = fixture(.hang)
    #expect(fixture.submit(0x04, Frames.getFirmware) == .success)
    #expect(fixture.ask(.reap(waits: false)) == nil)
    #expect(fixture.wait(.seconds(60)) == .failure(EAGAIN))
    #expect(fixture.ask(.discard(address: 0x1000)) == .success)
    #expect(try fixture.reaped(fixture.ask(.reap(waits: false))).status == -ENOENT)
  }

  @Test("A late transfer is carried out at its time, not before")
  func delay() throws {
    var fixture = fixture(.delay(.milliseconds(400)))
    #expect(fixture.submit(0x04, Frames.getFirmware) == .success)
    #expect(fixture.ask(.reap(waits: true)) == nil)
    #expect(fixture.wait(.milliseconds(399)) == nil)
    #expect(try fixture.reaped(fixture.wait(.milliseconds(1))).status == 0)
  }

  @Test(
    "A device that vanishes with a transfer has seen it only if it vanished after it",
    arguments: TransferFault.Vanishing.allCases)
  func vanish(_ moment: TransferFault.Vanishing) throws {
    var fixture = PortFixture(function: NotingFunction())
    fixture.port.faults.arm((nil, .vanish(moment, returnsAfter: nil)), index: 0, repeats: false)
    let reply = fixture.submit(0x04, [1, 2, 3])
    #expect(reply == (moment == .before ? .failure(ENODEV) : .success))
    if moment != .before {
      #expect(try fixture.reaped(fixture.ask(.reap(waits: true))).status == -ESHUTDOWN)
    }
    let received = (fixture.port.function as? NotingFunction)?.received
    #expect(received == (moment == .after ? [[1, 2, 3]] : []))
    #expect(fixture.ask(.claim(interface: 0)) == .failure(ENODEV))
    let happenings = fixture.port.takeHappenings().filter { $0 != .driverChanged(interface: 0) }
    #expect(happenings == [.vanished(number: 2, returnsAfter: nil)])
  }

  @Test("A fault happens at the transfer it was armed for, on the pipe it was armed for")
  func index() throws {
    var fixture = fixture(.disturbed, pipe: .output, index: 1)
    #expect(try fixture.out(0x04, Frames.getFirmware).status == 0)
    #expect(try fixture.input(0x84).status == 0)
    #expect(try fixture.out(0x04, Frames.getFirmware).status == -EPROTO)
    #expect(fixture.port.faults.fired == 1)
  }

  @Test(
    "Faults have a written form",
    arguments: [
      ("usb,transfer=40,stall", TransferFault(.stall, index: 40)),
      ("usb,hang,pipe=in,repeat", TransferFault(.hang, pipe: .input, repeats: true)),
      ("usb,short=3", TransferFault(.short(3))), ("usb,reset", TransferFault(.reset)),
      (
        "usb,vanish=during,back=500,transfer=2",
        TransferFault(.vanish(.during, returnsAfter: .milliseconds(500)), index: 2)
      ),
      ("usb,delay=1.5", TransferFault(.delay(.microseconds(1_500)))),
    ])
  func syntax(_ text: String, _ fault: TransferFault) throws {
    #expect(try TransferFault(parsing: text) == fault)
  }

  @Test(
    "What is no fault of a transfer is refused",
    arguments: [
      "", "usb", "chip,mute", "usb,stall,more", "usb,vanish", "usb,vanish=soon", "usb,short",
      "usb,short=-1", "usb,stall,pipe=up", "usb,stall,transfer=x", "usb,delay=x",
    ])
  func noFault(_ text: String) {
    #expect(throws: FaultSyntaxError.self) { try TransferFault(parsing: text) }
  }
}
