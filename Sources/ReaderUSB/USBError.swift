import CUSB

/// Why a device on the bus could not be reached.
public enum USBError: Error, Hashable, Sendable {
  case nothingThere(USBPort)
  case permission(USBPort)
  /// A reset may harm this reader, or nobody knows whether it does.
  case resetForbidden(USBPort, String)
  /// libusb's own code.
  case library(Int32)

  init(_ code: Int32, at port: USBPort) {
    switch code {
    case LIBUSB_ERROR_ACCESS.rawValue: self = .permission(port)
    case LIBUSB_ERROR_NO_DEVICE.rawValue: self = .nothingThere(port)
    default: self = .library(code)
    }
  }

  /// What failed, why, and what to do, in one line.
  public var explanation: String {
    switch self {
    case .nothingThere(let port): "nothing is plugged in at usb:\(port)"
    case .permission(let port):
      "no access to the device at usb:\(port): permission denied; run it as root"
    case .resetForbidden(let port, let name):
      "the \(name) at usb:\(port) is not reset: a reset may lose it; unplug it and plug it in again"
    case .library(let code): "USB failed: \(String(cString: libusb_strerror(code)))"
    }
  }
}
