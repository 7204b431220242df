import Glibc
import Testing

@testable import USBBench

@Suite("What usbdevfs answers")
struct DevicePortTests {
  @Test("A transfer is submitted, carried out, and reaped once")
  func transfer() throws {
    var fixture = PortFixture()
    let sent = try fixture.out(0x04, Frames.getFirmware)
    #expect(sent == CompletedTransfer(address: 0x1000, status: 0, count: 9, bytes: []))
    #expect(try fixture.input(0x84).bytes == Frames.acknowledge)
    #expect(try fixture.input(0x84).bytes == Frames.firmware)
    #expect(fixture.ask(.reap(waits: false)) == nil)
    #expect(fixture.wait(.milliseconds(1)) == .failure(EAGAIN))
    #expect(fixture.port.counts.output == 1 && fixture.port.counts.input == 2)
  }

  @Test("A reap that waits is answered when something completes, however late")
  func blockingReap() throws {
    var fixture = PortFixture()
    #expect(fixture.submit(0x84) == .success)
    #expect(fixture.ask(.reap(waits: true)) == nil)
    #expect(fixture.wait(.seconds(5)) == nil)
    fixture.port.open(2)
    #expect(fixture.ask(.discard(address: 0x1000), file: 2) == .failure(EINVAL))
    #expect(fixture.ask(.getCapabilities) == .structure([0x15, 0, 0, 0]))
  }

  @Test("A discarded transfer is reaped as such, and can't be discarded again")
  func discard() throws {
    var fixture = PortFixture()
    #expect(fixture.submit(0x84) == .success)
    #expect(fixture.ask(.discard(address: 0x1000)) == .success)
    #expect(fixture.ask(.discard(address: 0x1000)) == .failure(EINVAL))
    #expect(try fixture.reaped(fixture.ask(.reap(waits: true))).status == -ENOENT)
    #expect(fixture.port.counts.discarded == 1)
  }

  @Test("An interface belongs to one file at a time")
  func claims() {
    var fixture = PortFixture()
    fixture.port.open(2)
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    #expect(fixture.ask(.claim(interface: 0), file: 2) == .failure(EBUSY))
    #expect(fixture.submit(0x04, [0], file: 2) == .failure(EBUSY))
    #expect(fixture.ask(.getDriver(interface: 0), file: 2)?.driverName == "usbfs")
    #expect(fixture.ask(.release(interface: 0)) == .success)
    #expect(fixture.ask(.release(interface: 0)) == .failure(EINVAL))
    #expect(fixture.ask(.claim(interface: 0), file: 2) == .success)
    fixture.port.close(2)
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    #expect(fixture.ask(.claim(interface: 1)) == .failure(ENOENT))
  }

  @Test("A transfer claims its interface by itself, as the kernel does")
  func claimOnUse() {
    var fixture = PortFixture()
    fixture.port.open(2)
    #expect(fixture.submit(0x04, Frames.getFirmware) == .success)
    #expect(fixture.ask(.claim(interface: 0), file: 2) == .failure(EBUSY))
    #expect(fixture.submit(0x05, [1]) == .failure(ENOENT))
  }

  @Test("A kernel driver keeps interface and configuration until it is disconnected")
  func kernelDriver() {
    var fixture = PortFixture(kernelDriver: "pn533_usb")
    #expect(fixture.ask(.getDriver(interface: 0))?.driverName == "pn533_usb")
    #expect(fixture.ask(.claim(interface: 0)) == .failure(EBUSY))
    #expect(fixture.ask(.setConfiguration(1)) == .failure(EBUSY))
    #expect(fixture.ask(.disconnectClaim(interface: 0, .only("usbhid"))) == .failure(EBUSY))
    #expect(fixture.ask(.disconnectDriver(interface: 0)) == .success)
    #expect(fixture.ask(.disconnectDriver(interface: 0)) == .failure(ENODATA))
    #expect(fixture.ask(.getDriver(interface: 0)) == .failure(ENODATA))
    #expect(fixture.ask(.setConfiguration(1)) == .success)
    #expect(fixture.ask(.setConfiguration(2)) == .failure(EINVAL))
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    #expect(fixture.ask(.setConfiguration(1)) == .failure(EBUSY))
    #expect(fixture.ask(.connectDriver(interface: 0)) == .failure(EBUSY))
    #expect(fixture.ask(.release(interface: 0)) == .success)
    #expect(fixture.ask(.connectDriver(interface: 0)) == .success)
    #expect(fixture.ask(.getDriver(interface: 0))?.driverName == "pn533_usb")
  }

  @Test("A claimed interface is usbdevfs's own, until it is released or its file closed")
  func bound() {
    var fixture = PortFixture()
    let changed: [DevicePort.Happening] = [.driverChanged(interface: 0)]
    #expect(fixture.port.boundDriver(of: 0) == nil)
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    #expect(fixture.port.boundDriver(of: 0) == "usbfs" && fixture.port.takeHappenings() == changed)
    #expect(fixture.ask(.release(interface: 0)) == .success)
    #expect(fixture.port.boundDriver(of: 0) == nil && fixture.port.takeHappenings() == changed)
    #expect(fixture.ask(.claim(interface: 0)) == .success)
    fixture.port.close(1)
    #expect(fixture.port.boundDriver(of: 0) == nil && fixture.port.takeHappenings().count == 2)
  }

  @Test("A file opened for reading is refused everything")
  func readOnly() {
    var fixture = PortFixture()
    fixture.port.open(2, isReadOnly: true)
    #expect(fixture.ask(.claim(interface: 0), file: 2) == .failure(EPERM))
    #expect(fixture.ask(.reap(waits: false), file: 2) == .failure(EPERM))
  }

  @Test("What is under way when the device goes ends, and then there is no device")
  func unplug() throws {
    var fixture = PortFixture()
    #expect(fixture.submit(0x84) == .success)
    fixture.port.unplug(at: fixture.now)
    #expect(fixture.port.takeHappenings().last == .vanished(number: 2, returnsAfter: nil))
    #expect(try fixture.reaped(fixture.ask(.reap(waits: false))).status == -ESHUTDOWN)
    #expect(fixture.ask(.reap(waits: false)) == .failure(ENODEV))
    #expect(fixture.ask(.reap(waits: true)) == .failure(ENODEV))
    #expect(fixture.submit(0x04, [1]) == .failure(ENODEV))
    fixture.port.plugIn(as: 3)
    #expect(fixture.submit(0x04, [1]) == .failure(ENODEV))
    fixture.port.open(2)
    #expect(fixture.ask(.claim(interface: 0), file: 2) == .success)
    #expect(fixture.ask(.connectInfo, file: 2) == .structure([3, 0, 0, 0, 0, 0, 0, 0]))
  }

  @Test("A synchronous transfer answers its own request, or is given up in time")
  func synchronous() {
    var fixture = PortFixture()
    let question = Submission(
      kind: .control, endpoint: 0x80,
      setup: SetupPacket(requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 8),
      data: [], capacity: 8)
    #expect(
      fixture.ask(.transfer(question, limitMilliseconds: 100))
        == .transferred(count: 8, [18, 1, 0x10, 0x01, 0, 0, 0, 8]))
    let nothing = Submission(kind: .bulk, endpoint: 0x84, data: [], capacity: 64)
    #expect(fixture.ask(.transfer(nothing, limitMilliseconds: 100)) == nil)
    #expect(fixture.wait(.milliseconds(99)) == nil)
    #expect(fixture.wait(.milliseconds(1)) == .failure(ETIMEDOUT))
  }

  @Test("A request for a string there is none of stalls, and the next one works")
  func controlStall() {
    var fixture = PortFixture()
    func descriptor(_ value: UInt16) -> UsbfsRequest {
      .transfer(
        Submission(
          kind: .control, endpoint: 0x80,
          setup: SetupPacket(requestType: 0x80, request: 6, value: value, index: 0, length: 255),
          data: [], capacity: 255), limitMilliseconds: 100)
    }
    #expect(fixture.ask(descriptor(0x0303)) == .failure(EPIPE))
    #expect(fixture.ask(descriptor(0x0300)) == .transferred(count: 4, [4, 3, 9, 4]))
  }

  @Test("An SCL3711 does not come back from a bus reset, an ACR122U does")
  func reset() {
    var stick = PortFixture(.pn533)
    #expect(stick.ask(.reset) == .failure(ENODEV))
    #expect(stick.port.deviceNumber == nil)
    var reader = PortFixture(.acr122u)
    #expect(reader.ask(.reset) == .success)
    #expect(reader.ask(.claim(interface: 0)) == .success)
  }

  @Test("So many transfers and no more are under way")
  func limit() {
    var fixture = PortFixture()
    for index in 0..<DevicePort.transferLimit {
      #expect(fixture.submit(0x84, address: UInt(index)) == .success)
    }
    #expect(fixture.submit(0x84) == .failure(ENOMEM))
  }
}

extension UsbfsReply {
  /// The name in GETDRIVER's answer.
  fileprivate var driverName: String? {
    guard case .structure(let bytes) = self, bytes.count == 260 else { return nil }
    return String(decoding: bytes[4...].prefix { $0 != 0 }, as: UTF8.self)
  }
}
