import ReaderUSB
import Testing

@Suite("Places on the bus")
struct USBPortTests {
  @Test(
    "A port is written as the kernel writes it", arguments: ["1-1", "1-1.2", "12-4.1.3.15.2.7"])
  func roundTrip(text: String) {
    #expect(USBPort(text)?.description == text)
  }

  @Test(
    "What is no port is refused",
    arguments: [
      "", "1", "usb1", "1-", "-1", "1-1.", "1-.1", "1-0", "0-1", "1-1:1.0", "1-1.2.3.4.5.6.7",
      "1-256", "1-+1", "1-1.2 ", "９-1", "1-99999999999999999999",
    ])
  func refused(text: String) {
    #expect(USBPort(text) == nil)
  }

  @Test("A port knows its hub and the port's own folder")
  func hub() throws {
    let direct = try #require(USBPort("2-3"))
    #expect(direct.hubs == 0)
    #expect(direct.portFolder == "2-0:1.0/usb2-port3")
    let behind = try #require(USBPort("1-1.4.2"))
    #expect(behind.hubs == 2)
    #expect(behind.hubName == "1-1.4")
    #expect(behind.portFolder == "1-1.4:1.0/1-1.4-port2")
  }
}
