import Foundation
import PlantedSystem
import ReaderUSB
import Testing

@testable import Diagnosis

/// The rules this project brings.
@Suite("udev rules")
struct UdevRulesTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "udev")
  static let files = ["60-smartotp-reader.rules", "99-smartotp-reader.rules"]

  /// Ours, and what other packages bring.
  private func rules() throws -> [UdevRule] {
    let tree = PlantedTree()
    for file in Self.files {
      let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
      tree.write("/usr/lib/udev/rules.d/\(file)", text)
    }
    tree.write(
      "/usr/lib/udev/rules.d/92-libccid.rules",
      "SUBSYSTEM==\"usb\", GROUP=\"pcscd\", ATTR{power/control}=\"auto\"\n")
    return UdevRules(files: tree.files).rules
  }

  private func event(_ keys: [String: String], of reader: KnownReader) throws -> UdevEvent {
    let device = [
      "ACTION": "add", "ATTR{idVendor}": reader.identifier.vendorText,
      "ATTR{idProduct}": reader.identifier.productText, "TEST": "power/control",
    ]
    var event = UdevEvent(device.merging(keys) { _, new in new })
    event.apply(try rules())
    return event
  }

  private static let usb = ["SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device"]

  @Test("Every reader is given to the service and to desktop users, awake, under a lasting name")
  func readers() throws {
    for reader in KnownReader.all where reader.isDrivable {
      let event = try event(Self.usb, of: reader)
      #expect(event.assigned["GROUP"] == "smartotp-reader", "\(reader.name)")
      #expect(event.assigned["MODE"] == "0660", "\(reader.name)")
      #expect(event.assigned["ATTR{power/control}"] == "on", "\(reader.name)")
      #expect(event.added["TAG"] == ["uaccess"], "\(reader.name)")
      #expect(event.added["SYMLINK"] == ["smartotp/usb-$kernel"], "\(reader.name)")
      #expect(event.unknown.isEmpty)
    }
  }

  @Test("Every adapter is kept from ModemManager; its port keeps its group and gets a lasting name")
  func adapters() throws {
    for reader in KnownReader.all where reader.isSerialBridge {
      let device = try event(Self.usb, of: reader)
      #expect(device.assigned["ENV{ID_MM_DEVICE_IGNORE}"] == "1", "\(reader.name)")
      #expect(device.assigned["ATTR{power/control}"] == "on", "\(reader.name)")
      let port = try event(["SUBSYSTEM": "tty", "SUBSYSTEMS": "usb"], of: reader)
      #expect(port.assigned["GROUP"] == nil && port.assigned["MODE"] == nil)
      #expect(port.added["TAG"] == ["uaccess"], "\(reader.name)")
      #expect(port.added["SYMLINK"] == ["smartotp/tty-$id"], "\(reader.name)")
    }
  }

  @Test("The ports of an adapter that has several each have a name of their own")
  func ports() throws {
    for reader in KnownReader.all where reader.isSerialBridge {
      let names = try ["", "00", "01", "02"].map { number in
        try event(
          ["SUBSYSTEM": "tty", "SUBSYSTEMS": "usb", "ENV{ID_USB_INTERFACE_NUM}": number], of: reader
        ).added["SYMLINK"] ?? []
      }
      let wanted = ["", "", "-if01", "-if02"].map { ["smartotp/tty-$id\($0)"] }
      #expect(names == wanted, "\(reader.name)")
    }
  }

  @Test("Other devices, interfaces and departures are left as they are")
  func others() throws {
    for reader in KnownReader.all {
      let removed = try event(Self.usb.merging(["ACTION": "remove"]) { $1 }, of: reader)
      let interface = try event(["SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_interface"], of: reader)
      for event in [removed, interface]
        + (reader.chip == .other ? [try self.event(Self.usb, of: reader)] : [])
      {
        #expect(event.assigned["GROUP"] != "smartotp-reader")
        #expect(event.added.isEmpty)
      }
    }
  }

  @Test("No rule opens a node to everybody")
  func modes() throws {
    for rule in try rules() {
      guard let mode = rule.value(of: "MODE") else { continue }
      #expect(mode.last == "0", "\(rule.place)")
    }
  }

  @Test("The doctor finds these rules sufficient")
  func doctor() async throws {
    let machine = PlantedMachine(.usb)
    machine.tree.remove(PlantedMachine.rulesFile)
    for file in Self.files {
      let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
      machine.tree.write("/usr/lib/udev/rules.d/\(file)", text)
      machine.tree.statuses["/usr/lib/udev/rules.d/\(file)"] = FileStatus(mode: 0o644)
    }
    machine.tree.write(
      "/usr/lib/udev/rules.d/93-pn53x.rules",
      "ATTRS{idVendor}==\"072f\", ATTRS{idProduct}==\"2200\", MODE=\"0664\", GROUP=\"plugdev\"\n")
    machine.tree.statuses["/usr/lib/udev/rules.d/93-pn53x.rules"] = FileStatus(mode: 0o644)
    machine.tree.node(
      PlantedMachine.reader.node, group: 990,
      accessList: [AccessEntry(.user(PlantedMachine.user), 6), AccessEntry(.mask, 6)])
    let report = await machine.diagnose()
    #expect((report.faults + report.warnings).map(\.seen).isEmpty)
    #expect(report.results.first { $0.check.id == "udev-rule" }?.finding == .pass)
  }

  @Test("The module file bars what the doctor wants barred")
  func modules() throws {
    let tree = PlantedTree()
    let file = Self.folder.appending(path: "smartotp-reader-modprobe.conf")
    tree.write(
      "/etc/modprobe.d/smartotp-reader.conf", try String(contentsOf: file, encoding: .utf8))
    for reader in KnownReader.all where reader.isDrivable {
      if let module = reader.kernelDriver { #expect(Blacklist.holds(module, tree.files)) }
    }
  }

  static let udevadm = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/udevadm" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// udevadm has `verify` from version 254 on.
  private static func udevadm(_ arguments: [String]) -> Int32 {
    guard let udevadm else { return -1 }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: udevadm)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(
    "udevadm finds no fault with them", .enabled(if: udevadm(["verify", "--help"]) == 0))
  func verify() {
    let paths = Self.files.map { Self.folder.appending(path: $0).path }
    #expect(Self.udevadm(["verify", "--resolve-names=never"] + paths) == 0)
  }
}
