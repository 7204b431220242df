import Appliance

/// Whether the system is new enough (S13).
enum PlatformCheck {
  /// The first kernel with long-term support that has what keeps programs apart here: `ProtectProc=`
  /// of the services (Linux 5.8), and close_range, by which the reader process is started without
  /// the files of its parent (5.9).
  static let oldestKernel = Version(5, 10)
  /// libnfc 1.8.0; older ones open no newer ACR122U and lack fixes for PN532 boards.
  static let oldestLibnfcInterface = 6
  /// Older ones lose what is plugged in.
  static let oldestLibusb = Version(1, 0, 22)
  /// The first whose interface this program uses.
  static let oldestOpenSSL = Version(3, 0)

  static func report(_ versions: PlatformVersions) -> PermissionReport {
    .joined([
      tooOld(
        "the kernel", versions.kernel, oldest: oldestKernel,
        fix: "sudo apt update && sudo apt full-upgrade, then restart the machine"),
      libnfc(versions.libnfc),
      tooOld(
        "libusb", versions.libusb, oldest: oldestLibusb, fix: "sudo apt install libusb-1.0-0"),
      tooOld(
        "OpenSSL", versions.openSSL, oldest: oldestOpenSSL,
        fix: "upgrade to a system release with OpenSSL 3"),
    ])
  }

  private static func tooOld(
    _ name: String, _ version: Version?, oldest: Version, fix: String
  ) -> PermissionReport {
    guard let version else { return .warning("the version of \(name) cannot be told") }
    guard version < oldest else { return .clean }
    return .restricted(
      .platformTooOld, "\(name) is \(version); \(oldest) is the oldest that will do", fix: fix)
  }

  private static func libnfc(_ libnfc: PlatformVersions.LibNFC) -> PermissionReport {
    switch libnfc {
    case .interface(oldestLibnfcInterface...): .clean
    case .interface(let number):
      .restricted(
        .platformTooOld, "libnfc.so.\(number) is older than libnfc 1.8.0, the oldest that will do",
        fix: "upgrade to a system release with libnfc 1.8, then: sudo apt install libnfc6")
    case .missing:
      .restricted(
        .platformTooOld, "libnfc is in none of the library folders",
        fix: "sudo apt install libnfc6")
    }
  }
}
