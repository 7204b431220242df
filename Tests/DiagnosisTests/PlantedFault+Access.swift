import PlantedSystem
import ReaderUSB

@testable import Diagnosis

extension PlantedFault {
  private typealias Machine = PlantedMachine
  private static let node = Machine.reader.node

  static let access: [PlantedFault] = [
    PlantedFault("udev-rule") { machine in
      machine.tree.remove(Machine.rulesFile)
      machine.tree.node(node)
    },
    PlantedFault("udev-applied", is: .warn) {
      $0.tree.statuses[Machine.rulesFile]?.modified = Machine.now
    },
    PlantedFault("udev-applied") { machine in
      machine.tree.statuses[Machine.rulesFile]?.modified = Machine.now
      machine.tree.node(node)
    },
    PlantedFault("udev-order", is: .warn) { machine in
      machine.tree.remove(Machine.rulesFile)
      machine.tree.write("/etc/udev/rules.d/99-reader.rules", Machine.rule)
      machine.tree.statuses["/etc/udev/rules.d/99-reader.rules"] = FileStatus(mode: 0o644)
    },
    PlantedFault("udev-group") { machine in
      machine.tree.node(node, accessList: [AccessEntry(.user(Machine.user), 6)])
    },
    PlantedFault("udev-group", is: .warn) { machine in
      machine.tree.replace("plugdev", with: "nfc", in: Machine.rulesFile)
    },
    PlantedFault("group-session") { $0.credentials.groups = [1000] },
    PlantedFault("node-access") { machine in
      machine.credentials.groups = [1000]
      machine.tree.replace("plugdev:x:46:kim,", with: "plugdev:x:46:", in: "/etc/group")
    },
    PlantedFault("node-access", on: .adapter) { machine in
      machine.credentials.groups = [1000]
      machine.tree.replace("dialout:x:20:kim,", with: "dialout:x:20:", in: "/etc/group")
    },
    PlantedFault("service-access") {
      $0.tree.replace("46:kim,smartotp-reader", with: "46:kim", in: "/etc/group")
    },
    PlantedFault("node-open-to-all", is: .warn) { $0.tree.node(node, mode: 0o666, group: 46) },
  ]

  static let contested: [PlantedFault] = [
    PlantedFault("kernel-driver") { machine in
      machine.tree.link("\(Machine.reader.interface)/driver", to: "../../drivers/pn533_usb")
    },
    PlantedFault("kernel-module", is: .warn) {
      $0.tree.remove("/etc/modprobe.d/smartotp-reader.conf")
    },
    PlantedFault("pcscd-holds") { $0.tree.run(412, "pcscd", open: [node]) },
    PlantedFault("pcscd-holds") { machine in
      machine.tree.link("\(PlantedMachine.reader.interface)/driver", to: "../usb/drivers/usbfs")
      machine.tree.run(412, "pcscd")
    },
    PlantedFault("reader-held") { machine in
      machine.tree.link("\(PlantedMachine.reader.interface)/driver", to: "../usb/drivers/usbfs")
    },
    PlantedFault("pcscd-waits", is: .warn) { $0.tree.makeFolder("/run/pcscd/pcscd.comm") },
    PlantedFault("reader-held") { $0.tree.run(77, "python3", open: [node]) },
    PlantedFault("port-held", on: .adapter) { $0.tree.run(77, "minicom", open: ["/dev/ttyUSB0"]) },
    PlantedFault("serial-getty", on: .uart) { machine in
      machine.tree.run(
        77, "agetty", arguments: ["/sbin/agetty", "-o", "-p", "ttyAMA0", "vt220"],
        open: ["/dev/ttyAMA0"])
      machine.tree.statuses["/dev/ttyAMA0"] = FileStatus(mode: 0o620, group: 5)
    },
    PlantedFault("scdaemon", is: .warn) { $0.tree.run(77, "scdaemon") },
    PlantedFault("neard", is: .warn) { $0.tree.run(77, "neard") },
    PlantedFault("gpsd", on: .adapter, is: .warn) { $0.tree.run(77, "gpsd") },
    PlantedFault("modem-manager", on: .adapter, is: .warn) { $0.tree.run(77, "ModemManager") },
    PlantedFault("brltty", on: .adapter) { machine in
      machine.tree.unplug(.bridge())
      machine.tree.plug(.bridge(tty: nil))
      machine.tree.run(77, "brltty")
    },
  ]
}
