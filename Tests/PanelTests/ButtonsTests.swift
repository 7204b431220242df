import CLinux
import Glibc
import SmartOTP
import Testing

@testable import Appliance
@testable import Panel

@Suite struct ButtonsTests {
  /// An input device: a FIFO that carries `struct input_event`.
  final class Device {
    let folder: TemporaryFolder
    private(set) var writer: Int32 = -1
    var path: String { folder.path + "/event0" }

    init() throws {
      folder = try TemporaryFolder()
      plugIn()
    }

    deinit { close(writer) }

    func plugIn() {
      mkfifo(path, 0o600)
      // Reading too, so that opening waits for nobody.
      writer = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    }

    func pullOut() {
      unlink(path)
      close(writer)
      writer = -1
    }

    static func record(_ code: Int32, _ value: Int32, type: Int32 = EV_KEY) -> [UInt8] {
      var event = input_event()
      event.type = UInt16(type)
      event.code = UInt16(code)
      event.value = value
      return withUnsafeBytes(of: event) { Array($0) }
    }

    func send(_ bytes: [UInt8]) { _ = write(writer, bytes, bytes.count) }

    func press(_ code: Int32) {
      send(Self.record(code, 1) + Self.record(0, 0, type: EV_SYN) + Self.record(code, 0))
    }
  }

  @Test("A cancelling key is told once for each press; repeats, releases and other keys are not")
  func presses() async throws {
    let device = try Device()
    let buttons = try Buttons(.init(device: device.path, cancelKeys: ["KEY_ESC", "KEY_KPDOT"]))
    device.press(KEY_A)
    device.send(Device.record(KEY_ESC, 1))
    for _ in 0..<50 { device.send(Device.record(KEY_ESC, 2)) }
    device.send(Device.record(KEY_ESC, 0) + Device.record(KEY_ESC, 1, type: EV_MSC))
    device.press(KEY_KPDOT)
    var reader = EventReader()
    // The same bytes through the parser alone say how many there are.
    let bytes = Device.record(KEY_ESC, 1) + Device.record(KEY_ESC, 2) + Device.record(KEY_KPDOT, 1)
    #expect(reader.keysPressed(in: bytes[...]) == [UInt16(KEY_ESC), UInt16(KEY_KPDOT)])
    var stream = buttons.presses().makeAsyncIterator()
    #expect(await stream.next() == .cancel)
    #expect(await stream.next() == .cancel)
    device.press(KEY_ENTER)
    device.press(KEY_ESC)
    #expect(await stream.next() == .cancel)
  }

  @Test("Records that arrive in pieces are put together")
  func pieces() {
    var reader = EventReader()
    let bytes = Device.record(KEY_ESC, 1) + Device.record(KEY_A, 1)
    var keys: [UInt16] = []
    for byte in bytes { keys += reader.keysPressed(in: [byte]) }
    #expect(keys == [UInt16(KEY_ESC), UInt16(KEY_A)])
  }

  @Test("A device that is pulled out and put back is read again, and one that comes late is found")
  func unplugged() async throws {
    let device = try Device()
    device.pullOut()
    let buttons = try Buttons(.init(device: device.path))
    var stream = buttons.presses().makeAsyncIterator()
    for _ in 0..<3 {
      device.plugIn()
      device.press(KEY_CANCEL)
      #expect(await stream.next() == .cancel)
      device.pullOut()
    }
  }

  @Test("When the consumer stops, the device is closed")
  func stops() async throws {
    let device = try Device()
    let buttons = try Buttons(.init(device: device.path))
    let consumer = Task {
      for await _ in buttons.presses() { return }
    }
    device.press(KEY_ESC)
    await consumer.value
    // The test's own end reads too: a second one, for writing alone, sees the last reader go.
    let writer = open(device.path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    try #require(writer >= 0)
    close(device.takeWriter())
    var event = pollfd(fd: writer, events: 0, revents: 0)
    #expect(poll(&event, 1, 10_000) == 1 && event.revents & Int16(POLLERR) != 0)
    close(writer)
  }

  @Test("Keys are known by the names of the kernel's header, or by number")
  func names() throws {
    #expect(KeyName.code("KEY_ESC") == 1)
    #expect(KeyName.code("KEY_CANCEL") == 223)
    #expect(KeyName.code("KEY_KPENTER") == 96)
    #expect(KeyName.code("BTN_0") == 0x100)
    #expect(KeyName.code("148") == 148)
    #expect(KeyName.code("70000") == nil)
    #expect {
      try Buttons(.init(device: "/dev/input/event0", cancelKeys: ["KEY_NO"]))
    } throws: {
      ($0 as? DisplayError)?.explanation.contains("KEY_NO") == true
    }
  }
}

extension ButtonsTests.Device {
  /// The writer's descriptor, to close in its place.
  func takeWriter() -> Int32 {
    let taken = fcntl(writer, F_DUPFD_CLOEXEC, 3)
    pullOut()
    return taken
  }
}
