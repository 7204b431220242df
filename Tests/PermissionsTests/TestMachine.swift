import Appliance
import Cryptography
import DeviceIdentity
import Glibc
import PlantedSystem
import ReaderUSB
import SmartOTP

@testable import Permissions

/// A machine that is all right until a test plants a fault in it.
final class TestMachine {
  static let state = "/var/lib/smartotp"
  /// Who smartotpd is. The state's files belong to whoever runs the test, which may be root.
  static let service = Credentials(user: geteuid() == 0 ? 990 : geteuid(), groups: [990, 20])

  let tree = PlantedTree()
  var versions = PlatformVersions(
    kernel: Version(6, 12), libnfc: .interface(6), libusb: Version(1, 0, 26),
    openSSL: Version(3, 0))
  var reader = ReaderAccess.ownProcess(reader: "auto", except: [])
  var credentials = TestMachine.service

  init() {
    tree.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
    tree.write("/proc/device-tree/serial-number", "10000000abcdef01\0")
    tree.write(
      "/etc/passwd",
      """
      root:x:0:0::/root:/bin/sh
      smartotp:x:\(Self.service.user):990::/:/usr/sbin/nologin
      mallory:x:1000:1000::/:/bin/sh

      """)
    tree.write("/etc/group", "root:x:0:\nsmartotp:x:990:\nsmartotp-reader:x:991:\ndialout:x:20:\n")
  }

  var hardware: Hardware { Hardware(root: tree.root) }

  func report() -> PermissionReport {
    PermissionChecks(
      state: Self.state, reader: reader, files: tree.files, hardware: hardware,
      credentials: credentials, versions: versions
    ).run()
  }

  /// What `smartotp device register` leaves.
  func register() throws {
    _ = try DeviceEnrollment(on: hardware).complete(
      IssuedDeviceCertificate(
        device: Device(
          id: DeviceID(accepted: "dev-7ZK3QJ0V5N2M8R4T"), name: "branch 7", state: .active,
          institution: InstitutionCode(accepted: "004"), registeredAt: UnixTime(1_700_000_000),
          certificateExpiresAt: UnixTime(1_900_000_000)),
        certificates: "certificate"),
      center: "https://center.example:8443", authority: Array("authority".utf8),
      in: StateDirectory(tree.root + Self.state))
  }

  static func registered() throws -> TestMachine {
    let machine = TestMachine()
    try machine.register()
    return machine
  }

  func mode(_ path: String, _ mode: mode_t) { chmod(tree.root + path, mode) }
}

extension PermissionReport {
  /// `restriction: finding | fix`.
  var lines: [String] {
    impediments.map { "\($0.restriction.rawValue): \($0.finding) | \($0.fix)" }
  }
}
