import Testing

@testable import USBBench

@Suite("What devices say of themselves")
struct DescriptorTests {
  @Test("An ACR122U's configuration is 93 bytes with the descriptor of its class between")
  func acr122u() {
    let bytes = ACR122U.deviceDescription.configurationDescriptor
    #expect(bytes.count == 93 && bytes[2] == 93 && bytes[8] == 100)
    #expect(bytes[18] == 54 && bytes[19] == 0x21)
    #expect(Array(bytes[62..<66]) == [0x0F, 0x01, 0x00, 0x00])
    #expect(Array(bytes.suffix(7)) == [7, 5, 0x82, 2, 64, 0, 0])
  }

  @Test("An SCL3711's configuration is the one libnfc repairs it with")
  func stick() {
    #expect(
      PN533Stick.deviceDescription.configurationDescriptor == [
        0x09, 0x02, 0x20, 0x00, 0x01, 0x01, 0x00, 0x80, 0x32, 0x09, 0x04, 0x00, 0x00, 0x02, 0xFF,
        0xFF, 0xFF, 0x00, 0x07, 0x05, 0x04, 0x02, 0x40, 0x00, 0x04, 0x07, 0x05, 0x84, 0x02, 0x40,
        0x00, 0x04,
      ])
  }

  @Test("A device descriptor names only the strings there are")
  func strings() {
    var description = PN533Stick.deviceDescription
    #expect(Array(description.deviceDescriptor[14...]) == [1, 2, 0, 1])
    #expect(description.stringDescriptor(3) == nil)
    description.serialNumber = "7"
    #expect(Array(description.deviceDescriptor[14...]) == [1, 2, 3, 1])
    #expect(description.stringDescriptor(3) == [4, 3, 0x37, 0])
    #expect(description.stringDescriptor(0) == [4, 3, 0x09, 0x04])
    #expect(description.stringDescriptor(4) == nil)
  }

  @Test("A port's place on the bus is a path through its hubs")
  func location() throws {
    let location = try #require(USBLocation("1-2.1"))
    #expect(location.path == "/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2.1")
    #expect(location.ports == "2.1" && location.node(7) == "bus/usb/001/007")
    #expect(
      location.interfacePath(0, PN533Stick.deviceDescription) == location.path + "/1-2.1:1.0")
  }

  @Test(
    "What is no port of the first bus is refused",
    arguments: ["", "1", "1-", "2-1", "1-0", "1-1.", "1-a", "1-1-1", "1-1.1.1.1.1.1.1"])
  func noPort(_ name: String) {
    #expect(USBLocation(name) == nil)
  }

  @Test("udev's hash of a subsystem and a device type, as systemd computes them")
  func hash() {
    #expect(MurmurHash2.hash("usb") == 0x0577_C5E5)
    #expect(MurmurHash2.hash("usb_device") == 0x27F8_F50C)
    #expect(MurmurHash2.hash("usb_interface") == 0xB102_4765)
  }
}
