import CLinux
import Glibc
import PN53x
import ReaderWire
import Testing

@testable import ReaderDriver

/// A pseudo-terminal without anything behind it.
private final class BarePort {
  let master: Int32
  /// Kept open: the settings of a pseudo-terminal nobody has open are forgotten, a real port's not.
  private let slave: Int32
  let path: String

  init() throws {
    var ends: (master: Int32, slave: Int32) = (-1, -1)
    try #require(openpty(&ends.master, &ends.slave, nil, nil, nil) == 0)
    (master, slave) = ends
    path = String(cString: try #require(ttyname(slave)))
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(slave)
    close(master)
  }

  /// TCGETS and TCSETS.
  private let getSettings: UInt = 0x5401
  private let setSettings: UInt = 0x5402

  /// The kernel's c_iflag, past glibc: some versions hide bit 31 from tcsetattr.
  func iflag(setting bits: UInt32 = 0) -> UInt32 {
    var settings = [UInt32](repeating: 0, count: 16)
    _ = settings.withUnsafeMutableBytes { linux_ioctl(slave, getSettings, $0.baseAddress) }
    settings[0] |= bits
    _ = settings.withUnsafeMutableBytes { linux_ioctl(slave, setSettings, $0.baseAddress) }
    return settings[0]
  }
}

@Suite("Serial ports")
struct SerialPortTests {
  private static let claim: UInt32 = 0x8000_0000

  private func kind(_ body: () throws(DriverFault) -> Void) -> DriverFault.Kind? {
    do throws(DriverFault) {
      try body()
      return nil
    } catch { return error.kind }
  }

  @Test("A path that is not there, or no serial port, says which")
  func paths() {
    #expect(kind { () throws(DriverFault) in _ = try SerialPort(path: "/dev/nope") } == .notFound)
    #expect(
      kind { () throws(DriverFault) in _ = try SerialPort(path: "/dev/null") } == .notSerialPort)
  }

  @Test("libnfc's claim, left by a killed program, is cleared when nobody holds the port")
  func staleClaim() throws {
    let bare = try BarePort()
    #expect(bare.iflag(setting: Self.claim) & Self.claim != 0)
    let port = try SerialPort(path: bare.path)
    try port.clearStaleClaim()
    #expect(bare.iflag() & Self.claim == 0)
  }

  @Test("A claim is respected while another process has the port open")
  func livingClaim() throws {
    let bare = try BarePort()
    _ = bare.iflag(setting: Self.claim)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, bare.path, O_RDWR | O_NOCTTY, 0)
    var holder = pid_t()
    let arguments = [strdup("sleep"), strdup("60"), nil]
    defer { for argument in arguments { free(argument) } }
    try #require(posix_spawnp(&holder, "sleep", &actions, nil, arguments, nil) == 0)
    defer {
      kill(holder, SIGKILL)
      waitpid(holder, nil, 0)
    }
    let port = try SerialPort(path: bare.path)
    #expect(kind { () throws(DriverFault) in try port.clearStaleClaim() } == .claimed)
    #expect(bare.iflag() & Self.claim != 0)
  }

  @Test("The port's speed is what it was set to", arguments: SerialSpeed.allCases)
  func speed(_ speed: SerialSpeed) throws {
    let bare = try BarePort()
    let port = try SerialPort(path: bare.path)
    #expect(port.setSpeed(speed))
    var settings = termios()
    tcgetattr(bare.master, &settings)
    #expect(SerialPort.code(for: speed) == cfgetospeed(&settings))
  }

  @Test("A port whose other end is closed is hung up")
  func hangUp() throws {
    let bare = try BarePort()
    let port = try SerialPort(path: bare.path)
    #expect(!port.isHungUp)
    let gone = try BarePort()
    let orphan = try SerialPort(path: gone.path)
    dup2(bare.master, gone.master)
    #expect(orphan.isHungUp)
  }
}
