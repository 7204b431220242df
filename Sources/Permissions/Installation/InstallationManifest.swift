import Cryptography

/// What was installed: a digest for each file, as `sha256sum` writes and `sha256sum -c` checks it,
/// with a detached signature that `openssl dgst -sha256 -sign` makes and `-verify` checks.
///
/// ```
/// <64 hexadecimal digits>  /usr/sbin/smartotpd
/// ```
public struct InstallationManifest: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    /// Absolute, without `.` and `..`.
    public let path: String
    /// SHA-256, 32 bytes.
    public let digest: [UInt8]

    public init(path: String, digest: [UInt8]) {
      self.path = path
      self.digest = digest
    }
  }

  public static let maximumByteCount = 262_144
  public static let maximumEntryCount = 2048

  public let entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  /// The text, a line for each entry.
  public var text: [UInt8] {
    entries.flatMap { Array("\(ManifestText.hexadecimal($0.digest))  \($0.path)\n".utf8) }
  }

  /// An ECDSA signature on P-256 over the SHA-256 of the text, DER.
  public func signature(by key: P256.PrivateKey) throws(CryptographyError) -> [UInt8] {
    try key.sign(text)
  }

  /// Reads a manifest after its signature was checked.
  ///
  /// - Parameter key: `PUBLIC KEY`, PEM.
  public init(
    text: [UInt8], signature: [UInt8], key: [UInt8]
  ) throws(InstallationManifestError) {
    guard text.count <= Self.maximumByteCount else { throw .tooLarge }
    let publicKey: P256.PublicKey
    do { publicKey = try P256.PublicKey(pem: key) } catch { throw .badKey }
    let isValid = (try? publicKey.isValid(signature: signature, for: text)) ?? false
    guard isValid else { throw .badSignature }
    entries = try ManifestText.entries(text)
  }
}

/// Why a manifest cannot be trusted.
public enum InstallationManifestError: Error, Hashable, Sendable {
  case tooLarge
  /// The key is no public key on P-256 in PEM.
  case badKey
  case badSignature
  /// Lines count from 1.
  case malformed(line: Int)
  case namedTwice(String)
  case empty
}

/// The lines of a manifest.
enum ManifestText {
  static func entries(
    _ text: [UInt8]
  ) throws(InstallationManifestError) -> [InstallationManifest.Entry] {
    var entries: [InstallationManifest.Entry] = []
    var paths: Set<String> = []
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !(index == lines.count - 1 && line.isEmpty) {
      guard let entry = entry(line), entries.count < InstallationManifest.maximumEntryCount else {
        throw .malformed(line: index + 1)
      }
      guard paths.insert(entry.path).inserted else { throw .namedTwice(entry.path) }
      entries.append(entry)
    }
    guard !entries.isEmpty else { throw .empty }
    return entries
  }

  /// 64 digits, a blank, a blank or `*` (sha256sum's mark for binary), the path.
  private static func entry(_ line: ArraySlice<UInt8>) -> InstallationManifest.Entry? {
    let line = Array(line)
    guard line.count > 66, line[64] == UInt8(ascii: " "), [0x20, 0x2A].contains(line[65]),
      let digest = digest(line[..<64]),
      let path = String(validating: line[66...], as: UTF8.self), isPlain(path)
    else { return nil }
    return InstallationManifest.Entry(path: path, digest: digest)
  }

  private static func isPlain(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    return path.hasPrefix("/") && path.utf8.count < 4096
      && parts.allSatisfy { !["", ".", ".."].contains($0) }
      && path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  private static func digest(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    let values = digits.compactMap { digit -> UInt8? in
      switch digit {
      case 0x30...0x39: digit - 0x30
      case 0x61...0x66: digit - 0x57
      default: nil
      }
    }
    guard values.count == 64 else { return nil }
    return stride(from: 0, to: 64, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
