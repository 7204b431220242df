/// Reports of a USB boot keyboard (HID 1.11, appendix B) and its usages (HUT, page 07).
enum KeyReport {
  static let byteCount = 8
  static let released = [UInt8](repeating: 0, count: byteCount)

  static let numLock: UInt8 = 0x53

  /// - Parameter usage: of the one key that is down.
  static func pressed(_ usage: UInt8) -> [UInt8] { [0, 0, usage, 0, 0, 0, 0, 0] }

  /// Bit of the output report that the host sends for its lights.
  static let numLockLight: UInt8 = 0x01
}

/// Where digits are typed.
///
/// A keyboard sends places, not letters, and the host's layout decides what they mean. The digits of
/// the keypad are the same on every layout as long as Num Lock is on; the row above the letters types
/// `&é"'(-` on a French one.
enum DigitKeys {
  case keypad
  case topRow

  /// - Parameter digit: 0 to 9.
  func usage(of digit: UInt8) -> UInt8 {
    let position = (digit % 10 + 9) % 10
    return (self == .keypad ? 0x59 : 0x1E) + position
  }

  var enter: UInt8 { self == .keypad ? 0x58 : 0x28 }
}
