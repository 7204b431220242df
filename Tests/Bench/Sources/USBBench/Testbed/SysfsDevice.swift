/// A device as sysfs and udev show it, in umockdev's own notation.
struct SysfsDevice {
  /// Below /sys.
  let path: String
  /// What its uevents say.
  private(set) var properties: [(String, String)] = []
  private var lines: [String] = []

  init(path: String) {
    self.path = path
    lines.append("P: \(path)")
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func node(_ name: String, contents: [UInt8]) {
    lines.append("N: \(name)=\(contents.upperHexadecimal)")
  }

  mutating func property(_ name: String, _ value: String) {
    properties.append((name, value))
    lines.append("E: \(name)=\(value)")
  }

  mutating func attribute(_ name: String, _ value: String) {
    lines.append("A: \(name)=\(value)\\n")
  }

  mutating func binary(_ name: String, _ bytes: [UInt8]) {
    lines.append("H: \(name)=\(bytes.upperHexadecimal)")
  }
}

extension [UInt8] {
  var upperHexadecimal: String { map { $0.hexadecimal.uppercased() }.joined() }
}

extension FixedWidthInteger {
  /// All digits, leading zeros included.
  var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
  }
}
