import Appliance
import PlantedSystem
import ReaderUSB
import Testing

@testable import Permissions

@Suite("Permissions: the platform")
struct PlatformCheckTests {
  private static let good = PlatformVersions(
    kernel: Version(5, 10), libnfc: .interface(6), libusb: Version(1, 0, 22),
    openSSL: Version(3, 0))

  @Test("The oldest versions that will do restrict nothing, nor do later ones")
  func goodEnough() {
    #expect(PlatformCheck.report(Self.good) == .clean)
    let later = PlatformVersions(
      kernel: Version(6, 1, 21), libnfc: .interface(7), libusb: Version(1, 1),
      openSSL: Version(3, 5, 1))
    #expect(PlatformCheck.report(later) == .clean)
  }

  @Test("Each that is too old is named, with what to upgrade")
  func tooOld() {
    let old = PlatformVersions(
      kernel: Version(5, 9, 16), libnfc: .interface(5), libusb: Version(1, 0, 21),
      openSSL: Version(1, 1, 1))
    #expect(
      PlatformCheck.report(old).lines == [
        "platform-too-old: the kernel is 5.9.16; 5.10 is the oldest that will do"
          + " | sudo apt update && sudo apt full-upgrade, then restart the machine",
        "platform-too-old: libnfc.so.5 is older than libnfc 1.8.0, the oldest that will do"
          + " | upgrade to a system release with libnfc 1.8, then: sudo apt install libnfc6",
        "platform-too-old: libusb is 1.0.21; 1.0.22 is the oldest that will do"
          + " | sudo apt install libusb-1.0-0",
        "platform-too-old: OpenSSL is 1.1.1; 3.0 is the oldest that will do"
          + " | upgrade to a system release with OpenSSL 3",
      ])
  }

  @Test("A missing libnfc is told; what cannot be told costs a warning")
  func unknown() {
    var versions = Self.good
    versions.libnfc = .missing
    versions.kernel = nil
    let report = PlatformCheck.report(versions)
    #expect(report.impediments.map(\.fix) == ["sudo apt install libnfc6"])
    #expect(report.warnings == ["the version of the kernel cannot be told"])
  }

  @Test("Versions are read off the system's files")
  func installed() {
    let tree = PlantedTree()
    tree.write("/proc/sys/kernel/osrelease", "6.12.34+rpt-rpi-v8\n")
    #expect(PlatformVersions.installed(files: tree.files).libnfc == .missing)
    tree.write("/etc/ld.so.cache", "ld.so\0libc.so.6\0libnfc.so.6\0/opt/libnfc.so.6\0")
    #expect(PlatformVersions.installed(files: tree.files).libnfc == .interface(6))
    tree.write("/usr/lib/aarch64-linux-gnu/libnfc.so.5.0.1", "")
    #expect(PlatformVersions.installed(files: tree.files).libnfc == .interface(5))
    tree.write("/usr/local/lib/libnfc.so.6", "")
    let versions = PlatformVersions.installed(files: tree.files)
    #expect(versions.libnfc == .interface(6))
    #expect(versions.kernel == Version(6, 12, 34))
  }

  @Test("This machine, on which everything was built, is new enough")
  func thisMachine() {
    #expect(PlatformCheck.report(.installed(files: .system)).impediments.isEmpty)
  }

  @Test("Versions are compared by numbers")
  func comparison() {
    #expect(Version("6.1.0-rpi7")?.description == "6.1.0")
    #expect(Version(5, 9) < Version(5, 10))
    #expect(Version(5, 10) < Version(5, 10, 1))
    #expect(Version("x") == nil)
    #expect(Version("") == nil)
    #expect(Version("99999999999999999999") == nil)
  }
}
