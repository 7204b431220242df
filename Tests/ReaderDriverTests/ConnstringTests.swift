import PN53x
import Testing

@testable import ReaderDriver

@Suite("Names of readers")
struct ConnstringTests {
  @Test("A serial reader is driver, port and speed")
  func serial() throws {
    let name = try #require(Connstring("pn532_uart:/dev/ttyUSB0:460800"))
    #expect(name.path == "/dev/ttyUSB0" && name.speed == 460_800 && name.bus == .serial)
    #expect(Connstring("pn532_uart:/dev/ttyUSB0")?.speed == nil)
  }

  @Test("A USB reader needs no device, and its driver takes 200 ms off each time-out")
  func usb() throws {
    let name = try #require(Connstring("acr122_usb:001:004"))
    #expect(name.path == nil && name.speed == nil && name.losesTimeInDriver)
    #expect(Connstring("pn53x_usb")?.losesTimeInDriver == true)
    #expect(Connstring("pn532_uart:/dev/x")?.losesTimeInDriver == false)
  }

  @Test("Chip commands with their frame identifier fit an ACR122U's pseudo-APDU of 255 bytes")
  func pieces() throws {
    let name = try #require(Connstring("acr122_usb:001:004"))
    let pieces = ChipCommand.dataExchange(
      [UInt8](repeating: 7, count: 300), pieceSize: name.exchangePieceSize)
    #expect(pieces.allSatisfy { $0.bytes.count + 1 <= 255 })
    #expect(pieces.count == 2)
  }

  @Test("A USB reader's node is known when its name has bus and device number")
  func node() throws {
    func path(_ text: String) -> String? { Connstring(text).flatMap { USBNode($0)?.path } }
    #expect(path("pn53x_usb:001:014") == "/dev/bus/usb/001/014")
    #expect(path("pn53x_usb") == nil)
    #expect(path("pn53x_usb:001:../x") == nil)
    #expect(path("pn532_uart:/dev/ttyUSB0:115200") == nil)
  }

  @Test(
    "What libnfc has no driver for is refused",
    arguments: [
      "", ":", "nonsense", "nonsense:/dev/x", "pn532_uart", "pn532_uart:", "pn532_uart:/dev/x:",
      "pn532_uart:/dev/x:fast", "pn532_uart:/dev/x:-1", "PN532_UART:/dev/x",
      "pn532_uart:/dev/\u{0}x", "pn532_uart:" + String(repeating: "x", count: 1024),
    ])
  func refused(_ text: String) {
    #expect(Connstring(text) == nil)
  }

  @Test("Only a bare PN532 that starts at 115200 on a sound port is switched up")
  func speedChange() {
    #expect(Connstring("pn532_uart:/dev/ttyUSB0")?.allowsSpeedChange == true)
    #expect(Connstring("pn532_uart:/dev/ttyUSB0:115200")?.allowsSpeedChange == true)
    #expect(Connstring("pn532_uart:/dev/ttyUSB0:9600")?.allowsSpeedChange == false)
    #expect(Connstring("pn532_uart:/dev/ttyS0")?.allowsSpeedChange == false)
    #expect(Connstring("arygon:/dev/ttyUSB0")?.allowsSpeedChange == false)
  }
}
