import PlantedSystem
import ReaderUSB
import Testing

@testable import Diagnosis

@Suite("Files that the checks read")
struct ConfigurationTests {
  @Test("Settings are read as libnfc reads them")
  func libnfc() {
    let tree = PlantedTree()
    tree.write(
      "/etc/nfc/libnfc.conf",
      "# x = y\n\n allow_autoscan=false\ndevice.name = \"Left one\"\nname = a\nbroken\n"
        + "device.connstring = \"pn532_uart:/dev/ttyUSB0\"\n")
    tree.write("/etc/nfc/devices.d/a.conf", "connstring = \"pn532_i2c:/dev/i2c-1\"\n")
    tree.write("/etc/nfc/devices.d/b.conf.sample", "name = b\n")
    let configuration = LibNFCConfiguration(files: tree.files)
    #expect(
      configuration.connstrings.map(\.value) == ["pn532_uart:/dev/ttyUSB0", "pn532_i2c:/dev/i2c-1"])
    #expect(configuration.unknownKeys.map(\.place) == ["/etc/nfc/libnfc.conf:5"])
    #expect(configuration.brokenLines.map(\.line) == [6])
    #expect(configuration.ignoredFiles == ["/etc/nfc/devices.d/b.conf.sample"])
    #expect(configuration.flag("allow_autoscan")?.isOn == false)
  }

  @Test(
    "A connstring's parts are found",
    arguments: [
      ("pn532_uart:/dev/ttyUSB0:115200", "/dev/ttyUSB0", "115200", false),
      ("pn532_uart:/dev/ttyUSB0", "/dev/ttyUSB0", nil, false),
      (
        "pn532_uart:/dev/serial/by-path/a:1.0-port0:115200", "/dev/serial/by-path/a:1.0-port0",
        "115200", true
      ),
      ("acr122_usb:001:004", nil, nil, false), ("pn532_uart", nil, nil, false),
      ("", nil, nil, false), (":::", nil, nil, false),
    ] as [(String, String?, String?, Bool)])
  func connstring(text: String, path: String?, speed: String?, hasColon: Bool) {
    let connstring = Connstring(text)
    #expect(connstring.path == path)
    #expect(connstring.speed == speed)
    #expect((connstring.path != nil && connstring.hasColonInPath) == hasColon)
  }

  @Test("A rules file of the administrator takes the place of the package's")
  func rules() {
    let tree = PlantedTree()
    tree.write("/usr/lib/udev/rules.d/60-a.rules", "ATTR{idVendor}==\"072f\", GROUP=\"old\"\n")
    tree.write(
      "/etc/udev/rules.d/60-a.rules",
      "# c\nATTR{idVendor}==\"072F\", \\\n  ATTR{idProduct}==\"2200\", MODE:=\"0660\", GROUP=\"new\"\n"
    )
    let rules = UdevRules(files: tree.files).about(USBIdentifier(0x072F, 0x2200))
    #expect(rules.map(\.place) == ["/etc/udev/rules.d/60-a.rules:3"])
    #expect(rules.first?.value(of: "GROUP") == "new")
    #expect(rules.first?.value(of: "MODE") == "0660")
    #expect(rules.first?.number == 60)
    #expect(rules.first?.givesUserAccess == false)
  }

  @Test("Versions compare by their numbers")
  func versions() throws {
    let versions = try ["1.7.1-4+b1", "1.8.0~rc1-2", "2:1.8.2", "1.10-1"].map {
      try #require(PackageVersion($0))
    }
    #expect(versions == versions.sorted())
    #expect(try #require(PackageVersion("1.8.0-2")) >= PackageVersion(1, 8))
    #expect(PackageVersion("unknown") == nil)
  }

  @Test("Nonsense in any file the checks read costs no more than the answer")
  func nonsense() async {
    let files = [
      "/etc/nfc/libnfc.conf", "/etc/passwd", "/etc/group", "/var/lib/dpkg/status", "/dev/kmsg",
      "/proc/device-tree/model", "/boot/firmware/config.txt", "/proc/sys/kernel/osrelease",
      PlantedMachine.rulesFile, "/proc/902/maps", "/proc/902/stat", "/etc/ld.so.cache",
    ]
    for file in files {
      for text in [
        "", "\0\0\n", "=\n:::\n;\n", "\u{1B}[2J\n", "Raspberry Pi 5\0", "99999999999999999999",
      ] {
        let machine = PlantedMachine(.uart)
        machine.tree.write(file, text)
        for result in await machine.diagnose().results {
          #expect(!result.seen.unicodeScalars.contains { $0.value < 0x20 })
        }
      }
    }
  }
}
