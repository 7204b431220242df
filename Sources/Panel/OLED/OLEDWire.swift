/// An SSD1306 on I2C: each transfer is a control byte, then commands or data (data sheet, 8.1.5).
struct OLEDWire {
  let height: Int

  private static let commands: UInt8 = 0x00
  private static let data: UInt8 = 0x40
  /// The chip's memory has eight pages also behind a panel of 32 rows.
  static let memoryPageCount = 8

  /// Sets the chip up, clears all of its memory, and switches the panel on only then: what was in the
  /// memory before is not seen again.
  var initialization: [I2CStep] {
    let multiplex = UInt8(height - 1)
    let commonPins: UInt8 = height == 32 ? 0x02 : 0x12
    let setUp: [UInt8] = [
      0xAE,  // off
      0xD5, 0x80,  // clock
      0xA8, multiplex,
      0xD3, 0x00,  // no offset
      0x40,  // first row at the top
      0x8D, 0x14,  // charge pump on
      0x20, 0x02,  // page addressing
      0xA1, 0xC8,  // connector at the top
      0xDA, commonPins,
      0x81, 0x8F,  // contrast
      0xD9, 0xF1,  // pre-charge
      0xDB, 0x40,  // deselect level
      0x2E,  // no scrolling
      0xA4, 0xA6,  // from the memory, not inverted
    ]
    let blank = data([UInt8](repeating: 0, count: PixelFrame.width)[...])
    return [.write([Self.commands] + setUp)]
      + (0..<Self.memoryPageCount).flatMap { [.write(address(page: $0)), .write(blank)] }
      + [switched(on: true)]
  }

  func switched(on isOn: Bool) -> I2CStep { .write([Self.commands, isOn ? 0xAF : 0xAE]) }

  /// Where the next data go: the beginning of a page.
  func address(page: Int) -> [UInt8] { [Self.commands, 0xB0 | UInt8(page & 7), 0x00, 0x10] }

  func data(_ columns: ArraySlice<UInt8>) -> [UInt8] { [Self.data] + columns }
}
