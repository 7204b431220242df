import Appliance
import Glibc
import Synchronization

/// A serial line to the teller's program or to a pole display; `SerialProtocol` says what is on it.
public final class SerialLine: OTPDisplay {
  public struct Configuration: Hashable, Sendable {
    /// Such as `/dev/ttyUSB1`.
    public var device: String
    /// Bits per second; 8 data bits, no parity, one stop bit, no flow control.
    public var speed: Int

    public init(device: String, speed: Int = 9600) {
      self.device = device
      self.speed = speed
    }
  }

  private struct State: ~Copyable {
    var file: DeviceFile?
    var said = SerialProtocol()
  }

  public let name = "serial"
  private let configuration: Configuration
  private let speed: speed_t
  private let opener: DeviceOpener
  private let state = Mutex(State())

  private static let speeds: [Int: Int32] = [
    1_200: Int32(B1200), 2_400: Int32(B2400), 4_800: Int32(B4800), 9_600: Int32(B9600),
    19_200: Int32(B19200), 38_400: Int32(B38400), 57_600: Int32(B57600), 115_200: Int32(B115200),
    230_400: Int32(B230400),
  ]

  /// Opens nothing; the first picture does.
  ///
  /// - Throws: `.refused` for a speed that serial lines do not have.
  public convenience init(_ configuration: Configuration) throws(DisplayError) {
    try self.init(configuration, opener: systemOpener)
  }

  init(_ configuration: Configuration, opener: @escaping DeviceOpener) throws(DisplayError) {
    guard let code = Self.speeds[configuration.speed] else {
      let known = Self.speeds.keys.sorted().map { String($0) }.joined(separator: ", ")
      throw .refused(
        "\(configuration.speed) is no speed of a serial line; use one of \(known) in the configuration"
      )
    }
    speed = speed_t(code)
    self.configuration = configuration
    self.opener = opener
  }

  public func show(_ picture: Picture) throws(DisplayError) {
    let deadline = Deadline(milliseconds: Deadline.pictureMilliseconds)
    try state.withLock { state throws(DisplayError) in
      if state.file == nil {
        state.file = try open()
        state.said = SerialProtocol()
      }
      var bytes = state.said.lines(for: picture)
      defer { bytes.overwrite() }
      do throws(DisplayError) { try state.file?.write(bytes, by: deadline) } catch {
        state.file = nil
        throw error
      }
    }
  }

  private func open() throws(DisplayError) -> DeviceFile {
    let file = try DeviceFile(opening: configuration.device, flags: O_RDWR, with: opener)
    var settings = termios()
    guard file.isTerminal, tcgetattr(file.descriptor, &settings) == 0 else {
      throw .refused("\(configuration.device) is no serial line; correct the configuration")
    }
    settings.c_cflag = tcflag_t(CS8 | CLOCAL | CREAD)
    settings.c_iflag = tcflag_t(IGNPAR | IGNBRK)
    settings.c_oflag = 0
    settings.c_lflag = 0
    cfsetspeed(&settings, speed)
    guard tcsetattr(file.descriptor, TCSANOW, &settings) == 0 else {
      throw .refused("\(configuration.device) cannot do \(configuration.speed) bits per second")
    }
    return file
  }
}
