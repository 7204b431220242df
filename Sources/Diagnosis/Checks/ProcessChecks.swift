import ReaderUSB

extension Check {
  /// In what surroundings the programs run.
  static let process: [Check] = [
    Check("container", .process, "A container has the reader passed in") { facts in
      let machine = facts.machine
      guard machine.isContainer else { return .notApplicable("not in a container") }
      guard machine.expectsUSB else {
        return .notApplicable("the reader is not on USB")
      }
      guard let reader = machine.usbReader else {
        return machine.files.exists("/dev/bus/usb")
          ? .pass("/dev/bus/usb is there")
          : .fail(
            .noReader, "this is a container without /dev/bus/usb",
            cause: "the container was started without the USB devices",
            fix: .advice(containerAdvice))
      }
      guard machine.files.exists(reader.device.node) else {
        return .fail(
          .noReader, "the reader at \(reader.name) is \(reader.device.node), which is not in here",
          cause: "the container got the node of the time it was started; the reader has a new one",
          fix: .advice(containerAdvice))
      }
      return .pass("\(reader.device.node) is in the container")
    },

    Check("virtual-machine", .process, "A virtual machine has the reader passed through") {
      facts in
      guard let kind = VirtualMachine.kind(facts.machine.files) else {
        return .notApplicable("not a virtual machine")
      }
      guard facts.machine.target == nil, facts.machine.readers.isEmpty else {
        return .pass("virtual machine (\(kind)); a reader is there")
      }
      return .fail(
        .noReader, "this is a virtual machine (\(kind)), and no reader is on its bus",
        cause: "the reader is not plugged in, or the host keeps it",
        fix: .advice("plug the reader in and pass it through in the virtual machine's USB settings")
      )
    },

    Check("service-sandbox", .process, "The service may see devices") { facts in
      let unit = facts.machine.programs.service
      guard unit["LoadState"] == "loaded" else {
        return .notApplicable("smartotpd.service is not installed")
      }
      guard unit["PrivateDevices"] != "yes" else {
        return .fail(
          .configuration, "smartotpd.service has PrivateDevices=yes",
          cause: "the unit was hardened without its reader in mind",
          fix: .command(
            "sudo mkdir -p /etc/systemd/system/smartotpd.service.d && "
              + Shell.write(
                ["[Service]", "PrivateDevices=no"],
                to: "/etc/systemd/system/smartotpd.service.d/devices.conf")
              + " && sudo systemctl daemon-reload"))
      }
      return .pass("smartotpd.service: PrivateDevices=no")
    },
  ]

  private static let containerAdvice =
    "start it with -v /dev/bus/usb:/dev/bus/usb --device-cgroup-rule='c 189:* rmw'"
}

/// What kind of virtual machine this is, by the names its firmware gives.
private enum VirtualMachine {
  private static let names = [
    "QEMU", "KVM", "VMware", "VirtualBox", "Xen", "Virtual Machine", "Parallels", "Bochs",
  ]

  static func kind(_ files: FileTree) -> String? {
    let texts = ["sys_vendor", "product_name"].compactMap { files.line("/sys/class/dmi/id/\($0)") }
    let known = names.first { name in texts.contains { $0.contains(name) } }
    return known ?? files.line("/sys/hypervisor/type")
  }
}
