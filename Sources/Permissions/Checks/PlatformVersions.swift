import Cryptography
import ReaderUSB

/// Numbers of a version, compared one after another: 1.10 is later than 1.9.
public struct Version: Comparable, Hashable, Sendable, CustomStringConvertible {
  public let numbers: [Int]

  public init(_ numbers: Int...) { self.numbers = numbers }

  /// The numbers a text begins with: `6.1.0-rpi7` is 6.1.0. Nil when it begins with none.
  public init?(_ text: some StringProtocol) {
    let front = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let numbers = front.split(separator: ".").prefix(4).compactMap { Int($0) }
    guard !numbers.isEmpty else { return nil }
    self.numbers = numbers
  }

  public var description: String { numbers.map { String($0) }.joined(separator: ".") }

  public static func < (one: Version, other: Version) -> Bool {
    one.numbers.lexicographicallyPrecedes(other.numbers)
  }
}

/// What the appliance stands on; nil for what cannot be told.
public struct PlatformVersions: Hashable, Sendable {
  public var kernel: Version?
  public var libnfc: LibNFC
  public var libusb: Version?
  public var openSSL: Version?

  /// libnfc is not loaded into smartotpd: a card's bytes go through it. Its file's name tells what
  /// matters: 1.8.0 is the first with the binary interface 6, 1.7.1 has 5.
  public enum LibNFC: Hashable, Sendable {
    case interface(Int)
    case missing
  }

  public init(kernel: Version?, libnfc: LibNFC, libusb: Version?, openSSL: Version?) {
    self.kernel = kernel
    self.libnfc = libnfc
    self.libusb = libusb
    self.openSSL = openSSL
  }

  public static func installed(files: FileTree) -> PlatformVersions {
    let (usb, ssl) = (USBLibrary.version, CryptographyLibrary.version)
    return PlatformVersions(
      kernel: files.line("/proc/sys/kernel/osrelease").flatMap { Version($0) },
      libnfc: libnfc(files), libusb: Version(usb.major, usb.minor, usb.micro),
      openSSL: Version(ssl.major, ssl.minor, ssl.patch))
  }

  /// The highest interface in the loader's usual folders, or else in its cache.
  private static func libnfc(_ files: FileTree) -> LibNFC {
    let roots = ["/usr/local/lib", "/usr/lib", "/usr/lib64", "/lib"]
    let folders = roots.flatMap { root in
      [root] + files.names(root).filter { $0.contains("-linux-gnu") }.map { "\(root)/\($0)" }
    }
    let names = folders.flatMap { files.names($0) }
    let interface = interfaces(names).max() ?? interfaces(cachedNames(files)).max()
    return interface.map { .interface($0) } ?? .missing
  }

  private static func interfaces(_ names: some Sequence<String>) -> [Int] {
    names.filter { $0.hasPrefix(libnfcPrefix) }.compactMap {
      Version($0.dropFirst(libnfcPrefix.count))?.numbers.first
    }
  }

  private static let libnfcPrefix = "libnfc.so."

  /// The names in the loader's cache, which stand in it one after another, each ended by a zero.
  private static func cachedNames(_ files: FileTree) -> [String] {
    let bytes = files.bytes("/etc/ld.so.cache", limit: 1 << 22) ?? []
    let prefix = Array(libnfcPrefix.utf8)
    return bytes.split(separator: 0).filter { $0.starts(with: prefix) }.map {
      String(decoding: $0.prefix(64), as: UTF8.self)
    }
  }
}
