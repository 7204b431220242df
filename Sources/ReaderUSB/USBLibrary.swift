import CUSB

/// The libusb that is loaded.
public enum USBLibrary {
  public static var version: (major: Int, minor: Int, micro: Int) {
    guard let version = libusb_get_version() else { return (0, 0, 0) }
    return (
      Int(version.pointee.major), Int(version.pointee.minor), Int(version.pointee.micro)
    )
  }
}
