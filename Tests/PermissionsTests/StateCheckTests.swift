import Appliance
import DeviceIdentity
import Glibc
import PlantedSystem
import ReaderUSB
import Testing

@testable import Permissions

@Suite("Permissions: the device's state")
struct StateCheckTests {
  private let register =
    "sudo -u smartotp smartotp device register --identity /var/lib/smartotp --center URL --ca FILE"

  @Test("A registered machine with closed files may make codes")
  func clean() throws {
    #expect(try TestMachine.registered().report() == .clean)
  }

  @Test("A machine that is not registered says how to register it")
  func notRegistered() {
    #expect(
      TestMachine().report().lines == [
        "device-not-registered: this device is not registered (/var/lib/smartotp) | \(register)"
      ])
  }

  @Test("State from other hardware is a copy")
  func copiedState() throws {
    let machine = try TestMachine.registered()
    machine.tree.write("/etc/machine-id", "ffffffffffffffffffffffffffffffff\n")
    #expect(
      machine.report().lines == [
        "copied-state: the state in /var/lib/smartotp was made on other hardware"
          + " | register this device again: \(register)"
      ])
  }

  @Test(
    "A file that is missing or not whole is told by its name",
    arguments: ["device.key", "salt", "device.pem", "center.pem"])
  func damaged(name: String) throws {
    for isMissing in [true, false] {
      let machine = try TestMachine.registered()
      let path = "\(TestMachine.state)/\(name)"
      if isMissing {
        machine.tree.remove(path)
      } else {
        machine.tree.write(path, "")
        machine.mode(path, 0o600)
      }
      #expect(
        machine.report().lines == [
          "state-unreadable: \(path) is damaged | register this device again: \(register)"
        ])
    }
  }

  @Test("Without a machine id the state cannot be read")
  func noMachineID() throws {
    let machine = try TestMachine.registered()
    machine.tree.remove("/etc/machine-id")
    #expect(
      machine.report().lines == [
        "state-unreadable: there is no machine id in /etc/machine-id | sudo systemd-machine-id-setup"
      ])
  }

  @Test("Every file that others may read or write is told with its mode and the command")
  func exposedFiles() throws {
    let machine = try TestMachine.registered()
    machine.mode("/var/lib/smartotp/device.key", 0o640)
    machine.mode("/var/lib/smartotp/salt", 0o602)
    let owner = machine.tree.files.status("/var/lib/smartotp/salt")?.user == 0 ? "root:root" : nil
    let lines = machine.report().lines
    #expect(lines.count == 2)
    if let owner {
      #expect(
        lines == [
          "state-exposed: /var/lib/smartotp/device.key is rw-r----- \(owner) (mode 640)"
            + " | sudo chmod 600 /var/lib/smartotp/device.key, and register this device again if"
            + " somebody may have read it",
          "state-exposed: /var/lib/smartotp/salt is rw-----w- \(owner) (mode 602)"
            + " | sudo chmod 600 /var/lib/smartotp/salt, and register this device again if"
            + " somebody may have read it",
        ])
    }
  }

  @Test("A directory that others may write into is told", arguments: [0o720, 0o702] as [mode_t])
  func exposedDirectory(mode: mode_t) throws {
    let machine = try TestMachine.registered()
    machine.mode(TestMachine.state, mode)
    let lines = machine.report().lines
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("state-exposed: /var/lib/smartotp is ") == true)
    #expect(lines.first?.hasSuffix(" | sudo chmod go-w /var/lib/smartotp") == true)
  }

  @Test("So is one above it, unless its sticky bit keeps everybody to what is theirs")
  func exposedAncestor() throws {
    let machine = try TestMachine.registered()
    machine.mode("/var/lib", 0o777)
    #expect(machine.report().impediments.map(\.fix) == ["sudo chmod go-w /var/lib"])
    machine.mode("/var/lib", 0o1777)
    #expect(machine.report() == .clean)
  }

  @Test("A group that may write above it counts, but for its owner's own")
  func exposedAncestorByGroup() throws {
    let machine = try TestMachine.registered()
    machine.tree.statuses["/var/lib"] = FileStatus(mode: 0o775, user: 0, group: 50, isFolder: true)
    #expect(machine.report().impediments.map(\.fix) == ["sudo chmod go-w /var/lib"])
    machine.tree.statuses["/var/lib"] = FileStatus(
      mode: 0o775, user: 1000, group: 1000, isFolder: true)
    #expect(machine.report() == .clean)
  }

  @Test("A file or directory of another user is told with its owner")
  func foreignOwner() throws {
    let machine = try TestMachine.registered()
    machine.tree.statuses["/var/lib/smartotp/device.key"] = FileStatus(mode: 0o600, user: 1000)
    let impediment = try #require(machine.report().impediments.first)
    #expect(impediment.restriction == .stateExposed)
    #expect(impediment.finding.contains("mallory"))
    machine.tree.statuses = [
      "/var/lib/smartotp": FileStatus(mode: 0o700, user: 1000, isFolder: true)
    ]
    #expect(
      machine.report().impediments.map(\.fix) == ["sudo chown -R smartotp: /var/lib/smartotp"])
  }

  @Test("A link in place of a file is told")
  func link() throws {
    let machine = try TestMachine.registered()
    machine.tree.link("/var/lib/smartotp/card.K01.1", to: "/etc/passwd")
    #expect(
      machine.report().lines == [
        "state-exposed: /var/lib/smartotp/card.K01.1 is a link to another file"
          + " | sudo rm /var/lib/smartotp/card.K01.1, and register this device again"
      ])
  }

  @Test(
    "Each error of the state has its restriction",
    arguments: [
      (.notRegistered, .deviceNotRegistered), (.otherHardware, .copiedState),
      (.damaged("/s/salt"), .stateUnreadable), (.permission("/s"), .stateUnreadable),
      (.exposed(path: "/s/salt", mode: 0o644), .stateExposed),
      (.system(path: "/s", reason: "Input/output error"), .stateUnreadable),
      (.noMachineID("/etc/machine-id"), .stateUnreadable),
      (.hardwareUnreadable("/sys/x"), .stateUnreadable),
    ] as [(DeviceIdentityError, Restriction)])
  func restrictions(error: DeviceIdentityError, restriction: Restriction) {
    let impediment = Impediment(error, state: "/s")
    #expect(impediment.restriction == restriction)
    #expect(!impediment.finding.isEmpty && !impediment.fix.isEmpty)
    #expect(!impediment.finding.contains("\n") && !impediment.fix.contains("\n"))
  }
}
