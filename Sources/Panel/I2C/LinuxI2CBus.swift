import Appliance
import CLinux
import Glibc

/// A device on a bus of the kernel's, /dev/i2c-N.
final class LinuxI2CBus: I2CBus {
  private let file: DeviceFile
  private let address: Int

  /// Tens of milliseconds after which the kernel gives up a transfer on a bus that hangs.
  private static let timeout: UInt = 10
  /// The rest is reserved (UM10204, 3.1.12).
  private static let addresses = 0x08...0x77

  /// - Throws: `.refused` for what is no address of a device.
  static func check(address: Int) throws(DisplayError) {
    guard addresses.contains(address) else {
      throw .refused(
        "\(hexadecimal(address)) is no I2C address; use one of 0x08 to 0x77 in the configuration")
    }
  }

  /// - Parameter address: 7 bits.
  init(path: String, address: Int) throws(DisplayError) {
    self.address = address
    file = try DeviceFile(opening: path, flags: O_RDWR)
    guard linux_i2c_select(file.descriptor, UInt(clamping: address), Self.timeout) == 0 else {
      throw Self.refusal(path, address, errno)
    }
  }

  private static func refusal(_ path: String, _ address: Int, _ code: Int32) -> DisplayError {
    switch code {
    case EBUSY:
      .refused(
        "\(hexadecimal(address)) on \(path) belongs to a driver in the kernel; remove its overlay")
    case ENOTTY:
      .refused("\(path) is no I2C bus; take one that `i2cdetect -l` lists")
    default: .opening(path, code)
    }
  }

  func write(_ bytes: [UInt8]) throws(DisplayError) {
    let count = bytes.withUnsafeBytes { Glibc.write(file.descriptor, $0.baseAddress, $0.count) }
    guard count < 0 else { return }
    let number = file.path.split(separator: "-").last ?? "N"
    switch errno {
    case ENXIO, EREMOTEIO, EIO:
      throw .absent(
        "nothing answers at \(Self.hexadecimal(address)) on \(file.path); check power and wiring, "
          + "and the address with `i2cdetect -y \(number)`")
    case ETIMEDOUT, EAGAIN, EBUSY:
      throw .failed("\(file.path) hangs; check SDA and SCL for a short and for pull-up resistors")
    case let code: throw .writing(file.path, code)
    }
  }

  func pause(microseconds: Int) { usleep(UInt32(clamping: microseconds)) }

  private static func hexadecimal(_ value: Int) -> String {
    value < 0 ? String(value) : "0x" + String(value, radix: 16)
  }
}
