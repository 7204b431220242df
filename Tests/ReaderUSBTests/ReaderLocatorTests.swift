import PlantedSystem
import Reader
import ReaderUSB
import Testing

@Suite("A reader found again")
struct ReaderLocatorTests {
  private let tree = PlantedTree()

  private func locator(_ name: String, isAnyReader: Bool = false) -> ReaderLocator {
    ReaderLocator(name: name, isAnyReader: isAnyReader, bus: USBBus(files: tree.files))
  }

  private func stick(_ port: String, number: Int) -> PlantedDevice {
    PlantedDevice(port, "04e6", "5591", number: number)
  }

  @Test("One named by its port is whatever is in the port, and lost while nothing is")
  func byPort() throws {
    let locator = locator("usb:1-1.2")
    tree.plug(.acr122(number: 4))
    #expect(try locator.locate().connstring == "acr122_usb:001:004")
    tree.unplug(.acr122(number: 4))
    tree.plug(.acr122(at: "1-1.3", number: 5))
    #expect(throws: ReaderError.notFound("usb:1-1.2")) { try locator.locate() }
    tree.plug(stick("1-1.2", number: 6))
    #expect(try locator.locate().connstring == "pn53x_usb:001:006")
  }

  @Test("One named by libnfc's name is found in its port again, and nowhere else")
  func byNumber() throws {
    let locator = locator("acr122_usb:001:004")
    tree.plug(.acr122(number: 4))
    #expect(try locator.locate().connstring == "acr122_usb:001:004")
    tree.unplug(.acr122(number: 4))
    tree.plug(.acr122(at: "1-1.3", number: 5))
    #expect(throws: ReaderError.notFound("acr122_usb:001:004")) { try locator.locate() }
    tree.plug(.acr122(number: 6))
    #expect(try locator.locate().connstring == "acr122_usb:001:006")
  }

  @Test("One that nobody named is found in another port, the same kind first")
  func anyReader() throws {
    let locator = locator("acr122_usb:001:004", isAnyReader: true)
    tree.plug(.acr122(number: 4))
    _ = try locator.locate()
    tree.unplug(.acr122(number: 4))
    #expect(throws: ReaderError.notFound("acr122_usb:001:004")) { try locator.locate() }
    tree.plug(stick("1-1.1", number: 7))
    tree.plug(.acr122(at: "1-1.3", number: 8))
    #expect(try locator.locate().connstring == "acr122_usb:001:008")
    tree.unplug(.acr122(at: "1-1.3", number: 8))
    #expect(try locator.locate().connstring == "pn53x_usb:001:007")
  }

  @Test("A driver's name is any reader of that driver")
  func byDriver() throws {
    let locator = locator("acr122_usb")
    tree.plug(stick("1-1.1", number: 3))
    #expect(try locator.locate().connstring == "acr122_usb")
    tree.plug(.acr122(number: 4))
    #expect(try locator.locate().connstring == "acr122_usb:001:004")
    tree.unplug(.acr122(number: 4))
    #expect(throws: ReaderError.self) { try locator.locate() }
    tree.plug(.acr122(at: "1-2", number: 5))
    #expect(try locator.locate().connstring == "acr122_usb:001:005")
  }

  @Test("A driver of the kernel that has it is named")
  func stolen() throws {
    var reader = PlantedDevice.acr122()
    reader.driver = "pn533_usb"
    tree.plug(reader)
    #expect(throws: ReaderError(.kernelDriver("pn533_usb"))) {
      try locator("usb:1-1.2").locate()
    }
  }

  @Test("Names that are not on the USB stay as they are, and nothing is done to a port")
  func elsewhere() throws {
    let located = try locator("pn532_uart:/dev/serial0").locate()
    #expect(located.connstring == "pn532_uart:/dev/serial0")
    #expect(located.recovery.portActions.isEmpty && !located.recovery.drainsLateAnswers)
  }

  // MARK: What the table allows

  private func policy(_ device: PlantedDevice) throws -> RecoveryPolicy {
    tree.plug(device)
    return try locator("usb:\(device.port)").locate().recovery
  }

  @Test("An ACR122U may be reset, and switched off and on where the kernel lets it")
  func permission() throws {
    let reader = PlantedDevice.acr122()
    #expect(try policy(reader).portActions.map(\.kind) == [.reset])
    tree.write("/sys/bus/usb/devices/1-1:1.0/1-1-port2/disable", "0\n")
    let policy = try policy(reader)
    #expect(policy.portActions.map(\.kind) == [.reset, .powerCycle])
    #expect(policy.leavesPowered && policy.drainsLateAnswers)
  }

  @Test("A PN533 stick and a serial adapter are never touched by their port")
  func prohibition() throws {
    for port in 1...3 { tree.write("/sys/bus/usb/devices/1-1:1.0/1-1-port\(port)/disable", "0\n") }
    let stick = try policy(stick("1-1.1", number: 3))
    #expect(stick.portActions.isEmpty && !stick.leavesPowered && stick.drainsLateAnswers)
    #expect(try policy(.bridge()).portActions.isEmpty)
    for reader in KnownReader.all where reader.reader(isResettable: false) {
      let device = PlantedDevice(
        "1-1.2", reader.identifier.vendorText, reader.identifier.productText, number: 9)
      #expect(try policy(device).portActions.isEmpty, "\(reader.name)")
    }
  }

  @Test("A port is switched off and on again, where there is a switch")
  func power() throws {
    let port = try #require(USBPort("1-1.2"))
    let bus = USBBus(files: tree.files)
    #expect(PortPower(at: port, bus: bus) == nil)
    tree.write("/sys/bus/usb/devices/1-1:1.0/1-1-port2/disable", "0\n")
    #expect(try #require(PortPower(at: port, bus: bus)).cycle())
    #expect(tree.files.text("/sys/bus/usb/devices/1-1:1.0/1-1-port2/disable")?.first == "0")
  }
}

extension KnownReader {
  fileprivate func reader(isResettable: Bool) -> Bool {
    isDrivable && quirks.contains(.mayReset) == isResettable
  }
}
