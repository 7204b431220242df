import ReaderUSB

/// Versions of the packages that matter, from dpkg's database.
struct InstalledPackages: Sendable {
  private var versions: [String: String] = [:]
  /// Whether this system has dpkg's database.
  let isKnown: Bool

  static let names: Set<Substring> = [
    "libnfc6", "libusb-1.0-0", "libssl3", "libssl3t64", "libssl1.1", "libccid", "pcscd",
  ]

  init(files: FileTree) {
    guard let bytes = files.bytes("/var/lib/dpkg/status", limit: 1 << 25) else {
      isKnown = false
      return
    }
    isKnown = true
    // By bytes, since the file is megabytes of text of which a few lines matter.
    var current: Substring?
    for line in bytes.split(separator: 0x0A) {
      if line.starts(with: "Package: ".utf8) {
        let name = Substring(decoding: line.dropFirst(9), as: UTF8.self)
        current = Self.names.contains(name) ? name : nil
      } else if let name = current, line.starts(with: "Version: ".utf8) {
        versions[String(name)] = String(decoding: line.dropFirst(9), as: UTF8.self)
      } else if let name = current, line.starts(with: "Status: ".utf8),
        !line.ends(with: " installed".utf8)
      {
        versions[String(name)] = nil
        current = nil
      }
    }
  }

  subscript(name: String) -> PackageVersion? { versions[name].flatMap { PackageVersion($0) } }
}

extension Sequence where Element == UInt8 {
  fileprivate func ends(with other: some Sequence<UInt8>) -> Bool {
    Array(self).suffix(Array(other).count).elementsEqual(other)
  }
}

/// The numbers at the front of a version, without Debian's epoch: `2:1.0.26-1` is 1.0.26.
struct PackageVersion: Comparable, Sendable, CustomStringConvertible {
  let text: String
  let numbers: [Int]

  init?(_ text: String) {
    self.text = DisplayText.safe(text)
    let upstream = text.split(separator: ":").last ?? ""
    let front = upstream.prefix { $0.isNumber || $0 == "." }
    numbers = front.split(separator: ".").compactMap { Int($0) }
    if numbers.isEmpty { return nil }
  }

  init(_ numbers: Int...) {
    self.numbers = numbers
    text = numbers.map { String($0) }.joined(separator: ".")
  }

  var description: String { text }

  static func < (one: PackageVersion, other: PackageVersion) -> Bool {
    one.numbers.lexicographicallyPrecedes(other.numbers)
  }

  static func == (one: PackageVersion, other: PackageVersion) -> Bool {
    one.numbers == other.numbers
  }
}
