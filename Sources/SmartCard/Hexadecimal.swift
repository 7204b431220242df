#if !hasFeature(Embedded)
  /// Hexadecimal text, without Foundation.
  public enum Hexadecimal {
    /// Two upper-case digits a byte, nothing between them.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
      var digits: [UInt8] = []
      for byte in bytes {
        digits.append(digit(byte >> 4))
        digits.append(digit(byte & 0x0F))
      }
      return String(decoding: digits, as: UTF8.self)
    }

    /// The bytes of `text`; digits of either case, and spaces, colons and hyphens between bytes.
    ///
    /// Nil when anything else is in it, or a byte lacks its second digit.
    public static func bytes(_ text: some StringProtocol) -> [UInt8]? {
      var bytes: [UInt8] = []
      var high: UInt8?
      for character in text.utf8 {
        if let value = value(character) {
          if let first = high {
            bytes.append(first << 4 | value)
            high = nil
          } else {
            high = value
          }
        } else if high != nil || !isSeparator(character) {
          return nil
        }
      }
      return high == nil ? bytes : nil
    }

    private static func digit(_ value: UInt8) -> UInt8 {
      value < 10 ? 0x30 + value : 0x37 + value
    }

    private static func value(_ character: UInt8) -> UInt8? {
      switch character {
      case 0x30...0x39: character - 0x30
      case 0x41...0x46: character - 0x37
      case 0x61...0x66: character - 0x57
      default: nil
      }
    }

    private static func isSeparator(_ character: UInt8) -> Bool {
      character == 0x20 || character == 0x3A || character == 0x2D
    }
  }
#endif
