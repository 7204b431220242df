import PlantedSystem
import ReaderUSB
import Testing

@Suite("The bus")
struct USBBusTests {
  @Test("Readers are found with their place, their names and libnfc's name")
  func readers() throws {
    let tree = PlantedTree()
    tree.plug(.acr122())
    tree.plug(.bridge())
    tree.plug(PlantedDevice("1-1", "0424", "9514", number: 2, interfaceClass: "09", driver: "hub"))
    let bus = USBBus(files: tree.files)
    #expect(bus.devices().map(\.port.description) == ["1-1", "1-1.2", "1-1.3"])
    let readers = bus.readers()
    #expect(readers.map(\.name) == ["usb:1-1.2", "usb:1-1.3"])
    #expect(readers.map(\.connstring) == ["acr122_usb:001:004", "pn532_uart:/dev/ttyUSB0"])
    #expect(readers.map(\.node) == ["/dev/bus/usb/001/004", "/dev/ttyUSB0"])
    let port = try #require(readers[1].serialPort)
    #expect(port.byIdentity == ["/dev/serial/by-id/usb-1a86_ttyUSB0"])
    for name in [port.path] + port.byIdentity {
      #expect(bus.reader(for: "pn532_uart:\(name):115200", among: readers) == readers[1])
    }
    #expect(bus.reader(for: "pn532_uart:/dev/ttyS0", among: readers) == nil)
    #expect(port.byPath == ["/dev/serial/by-path/platform-usb-0:1-1.3:1.0"])
  }

  @Test("A port by the class of modems is found where the kernel puts it")
  func modemClass() {
    let tree = PlantedTree()
    var device = PlantedDevice("1-2", "1a86", "55d4", number: 6, driver: "cdc_acm")
    device.interfaceClass = "02"
    tree.plug(device)
    tree.makeFolder("\(device.interface)/tty/ttyACM0")
    #expect(USBBus(files: tree.files).readers().first?.connstring == "pn532_uart:/dev/ttyACM0")
  }

  @Test("The kernel's driver on a reader is told; a program's claim is not one")
  func kernelDriver() {
    let tree = PlantedTree()
    var reader = PlantedDevice.acr122()
    for (driver, expected) in [("pn533_usb", "pn533_usb"), ("usbfs", nil)] as [(String, String?)] {
      reader.driver = driver
      tree.plug(reader)
      #expect(USBBus(files: tree.files).readers().first?.kernelDriver == expected)
    }
  }

  @Test("A reader that libnfc has no driver for is found and has no connstring")
  func notDriven() {
    let tree = PlantedTree()
    tree.plug(PlantedDevice("1-1.2", "072f", "223b", number: 4, interfaceClass: "0b"))
    let reader = USBBus(files: tree.files).readers().first
    #expect(reader?.reader.name == "ACS ACR1252U")
    #expect(reader?.connstring == nil)
  }

  @Test("What a device says of itself cannot steer a terminal")
  func controlCharacters() {
    let tree = PlantedTree()
    var device = PlantedDevice.acr122()
    device.productName = "A\u{1B}[31mB\u{07}"
    tree.plug(device)
    #expect(USBBus(files: tree.files).devices().first?.ownName == "Maker A?[31mB?")
  }

  @Test("Files that are missing or hold nonsense cost the device, not the program")
  func damaged() {
    let names = ["idVendor", "idProduct", "busnum", "devnum", "speed", "bMaxPower", "bcdDevice"]
    for name in names {
      for content in ["", "zz\n", "99999999999999999999\n", "\u{FF}\n", nil] as [String?] {
        let tree = PlantedTree()
        let device = PlantedDevice.acr122()
        tree.plug(device)
        if let content {
          tree.write("\(device.folder)/\(name)", content)
        } else {
          tree.remove("\(device.folder)/\(name)")
        }
        _ = USBBus(files: tree.files).readers()
      }
    }
  }

  @Test("A machine without USB has no bus")
  func none() {
    #expect(!USBBus(files: PlantedTree().files).exists)
    #expect(USBBus(files: PlantedTree().files).readers().isEmpty)
  }
}
