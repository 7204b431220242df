import PlantedSystem
import ReaderUSB
import Testing

@Suite("Names of readers")
struct ReaderNameTests {
  private func connstring(_ name: String, on tree: PlantedTree) throws(ReaderNameError) -> String {
    try ReaderName.connstring(for: name, on: USBBus(files: tree.files))
  }

  @Test("A reader named by its port is the same one after replugging and restart")
  func replugged() throws {
    let tree = PlantedTree()
    var left = PlantedDevice("1-1.2", "072f", "2200", number: 4, serial: "1")
    var right = PlantedDevice("1-1.3", "072f", "2200", number: 5, serial: "1")
    tree.plug(left)
    tree.plug(right)
    #expect(try connstring("usb:1-1.2", on: tree) == "acr122_usb:001:004")
    #expect(try connstring("usb:1-1.3", on: tree) == "acr122_usb:001:005")
    tree.unplug(left)
    tree.unplug(right)
    left.number = 9
    right.number = 8
    tree.plug(right)
    tree.plug(left)
    #expect(try connstring("usb:1-1.2", on: tree) == "acr122_usb:001:009")
    #expect(try connstring("usb:1-1.3", on: tree) == "acr122_usb:001:008")
  }

  @Test("libnfc's own names stay as they are")
  func connstrings() throws {
    for name in ["pn532_uart:/dev/ttyUSB0", "acr122_usb:001:004", ""] {
      #expect(try connstring(name, on: PlantedTree()) == name)
    }
  }

  @Test("What stands in the way is said")
  func errors() throws {
    let tree = PlantedTree()
    tree.plug(PlantedDevice("1-1", "046d", "c31c", number: 3))
    tree.plug(PlantedDevice("1-2", "072f", "223b", number: 4))
    tree.plug(.bridge(at: "1-3", tty: nil))
    let port = { (text: String) in try #require(USBPort(text)) }
    #expect(throws: ReaderNameError.malformedPort("left")) { try connstring("usb:left", on: tree) }
    #expect(throws: ReaderNameError.noReader(try port("1-1"), "Maker Device")) {
      try connstring("usb:1-1", on: tree)
    }
    #expect(
      throws: ReaderNameError.notDriven(
        try port("1-2"), "ACS ACR1252U", "it works with PC/SC programs")
    ) { try connstring("usb:1-2", on: tree) }
    #expect(throws: ReaderNameError.noSerialPort(try port("1-3"), "WCH CH340")) {
      try connstring("usb:1-3", on: tree)
    }
    #expect(
      throws: ReaderNameError.nothingThere(try port("1-4"), readers: ["usb:1-2", "usb:1-3"])
    ) { try connstring("usb:1-4", on: tree) }
  }
}
