/// What a key takes: how it reads in a message, and how it is read.
struct ValueKind<Value> {
  /// Such as `a number from 1 to 60`.
  let expected: String
  /// Names a secret's file: what stands there may be the secret itself, and is not repeated.
  var isNearSecret = false
  let parse: (SettingsFile.Scalar) -> Value?
}

extension ValueKind where Value == Int {
  static func number(_ range: ClosedRange<Int>) -> Self {
    Self(expected: "a number from \(range.lowerBound) to \(range.upperBound)") {
      number($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  static func oneOf(_ numbers: [Int]) -> Self {
    let expected = numbers.count == 1 ? "" : "one of "
    return Self(expected: "\(expected)\(numbers.map { String($0) }.joined(separator: ", "))") {
      number($0).flatMap { numbers.contains($0) ? $0 : nil }
    }
  }

  /// An address on I2C that is not reserved (UM10204, 3.1.12).
  static var busAddress: Self {
    Self(expected: "an I2C address from 0x08 to 0x77") {
      number($0).flatMap { (0x08...0x77).contains($0) ? $0 : nil }
    }
  }

  /// Decimal, or hexadecimal behind `0x`.
  private static func number(_ scalar: SettingsFile.Scalar) -> Int? {
    guard !scalar.isQuoted else { return nil }
    let text = scalar.text
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard digits.utf8.first.map({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) ?? false
    else { return nil }
    return Int(digits, radix: text.hasPrefix("0x") ? 16 : 10)
  }
}

extension ValueKind where Value == Bool {
  static var flag: Self {
    Self(expected: "true or false") { scalar in
      guard !scalar.isQuoted else { return nil }
      switch scalar.text {
      case "true": return true
      case "false": return false
      default: return nil
      }
    }
  }
}

extension ValueKind where Value: CaseIterable & RawRepresentable<String> {
  static var choice: Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(expected: "one of \(words.joined(separator: ", "))") { Value(rawValue: $0.text) }
  }
}

extension ValueKind where Value == String {
  static var path: Self { Self(expected: "an absolute path") { isPath($0.text) ? $0.text : nil } }

  static var secretFile: Self {
    Self(expected: "the absolute path of a file, not the secret itself", isNearSecret: true) {
      isPath($0.text) ? $0.text : nil
    }
  }

  static var socket: Self {
    // sun_path holds 108 bytes, the last of which is zero (unix(7)).
    Self(expected: "the absolute path of a socket, 107 bytes at most") {
      isPath($0.text) && $0.text.utf8.count < 108 ? $0.text : nil
    }
  }

  static var terminal: Self {
    Self(expected: "a terminal's absolute path, or '-' for standard output") {
      $0.text == "-" || isPath($0.text) ? $0.text : nil
    }
  }

  static var reader: Self {
    Self(
      expected: "auto, usb:PORT such as usb:1-1.2, or libnfc's name such as"
        + " pn532_uart:/dev/ttyUSB0"
    ) { scalar in
      let driver = scalar.text.utf8.prefix { $0 != UInt8(ascii: ":") }
      let isDriver = driver.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
      }
      return !driver.isEmpty && isDriver && isPlain(scalar.text, 256) ? scalar.text : nil
    }
  }

  static var keyName: Self {
    Self(expected: "the kernel's name of a key, such as KEY_ESC, or its number") { scalar in
      let text = scalar.text
      let isName = text.utf8.allSatisfy {
        (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
      }
      guard isName, isPlain(text, 64) else { return nil }
      // KEY_MAX is 0x2FF (linux/input-event-codes.h).
      let isNumber = UInt16(text).map { (1...0x2FF).contains($0) } ?? false
      return isNumber || text.hasPrefix("KEY_") || text.hasPrefix("BTN_") ? text : nil
    }
  }

  static var led: Self {
    Self(expected: "a name below /sys/class/leds") {
      isPlain($0.text, 64) && !$0.text.contains("/") && !$0.text.hasPrefix(".") ? $0.text : nil
    }
  }

  static var credential: Self {
    Self(expected: "a credential's name or issuer, 64 bytes at most, and no Smart OTP") {
      isPlain($0.text, 64) && !$0.text.hasPrefix("smartotp:") ? $0.text : nil
    }
  }

  private static func isPath(_ text: String) -> Bool {
    text.hasPrefix("/") && isPlain(text, 4095)
  }

  /// Not empty, not longer than that, nothing a terminal would act on.
  private static func isPlain(_ text: String, _ limit: Int) -> Bool {
    (1...limit).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
