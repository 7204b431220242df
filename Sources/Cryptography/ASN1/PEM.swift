/// Textual encodings (RFC 7468): base 64 between `-----BEGIN LABEL-----` and `-----END LABEL-----`.
///
/// Text outside the blocks is passed over, as openssl does; inside, headers are not taken.
enum PEM {
  struct Block: Equatable {
    let label: String
    let der: [UInt8]
  }

  /// The largest text read, in bytes. A chain or a signed message is some thousand bytes.
  static let maximumByteCount = 1 << 20

  /// Every block in order. Throws `malformed` for a block without its end or with bad base 64.
  static func blocks(in text: [UInt8]) throws(CryptographyError) -> [Block] {
    guard text.count <= maximumByteCount else { throw CryptographyError(.malformed, "PEM") }
    var blocks: [Block] = []
    var open: (label: ArraySlice<UInt8>, characters: [UInt8])?
    for line in text.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      let line = trimmed(line)
      if let label = boundary("-----BEGIN ", line) {
        guard open == nil else { throw CryptographyError(.malformed, "PEM") }
        open = (label, [])
      } else if let label = boundary("-----END ", line) {
        guard let block = open, block.label == label, let der = Base64.decode(block.characters)
        else { throw CryptographyError(.malformed, "PEM") }
        blocks.append(Block(label: String(decoding: label, as: UTF8.self), der: der))
        open = nil
      } else {
        open?.characters.append(contentsOf: line)
      }
    }
    guard open == nil else { throw CryptographyError(.malformed, "PEM") }
    return blocks
  }

  /// The content of the blocks with one of `labels`; at least one, or `malformed`.
  static func contents(
    of labels: [String], in text: [UInt8]
  ) throws(CryptographyError) -> [[UInt8]] {
    let found = try blocks(in: text).filter { labels.contains($0.label) }.map(\.der)
    guard !found.isEmpty else { throw CryptographyError(.malformed, "PEM") }
    return found
  }

  /// The content of the only block with one of `labels`.
  static func content(
    of labels: [String], in text: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    let found = try contents(of: labels, in: text)
    guard found.count == 1 else { throw CryptographyError(.malformed, "PEM") }
    return found[0]
  }

  static func text(_ label: String, _ der: [UInt8]) -> String {
    String(decoding: bytes(label, der), as: UTF8.self)
  }

  /// Lines of 64 characters, each ended by a line feed.
  static func bytes(_ label: String, _ der: [UInt8]) -> [UInt8] {
    let characters = Base64.encode(der)
    var text = Array("-----BEGIN \(label)-----\n".utf8)
    for start in stride(from: 0, to: characters.count, by: 64) {
      text += characters[start..<min(start + 64, characters.count)]
      text.append(0x0A)
    }
    return text + Array("-----END \(label)-----\n".utf8)
  }

  private static func boundary(
    _ prefix: StaticString, _ line: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8>? {
    let prefixCount = prefix.utf8CodeUnitCount
    guard line.count > prefixCount + dashes.count, line.suffix(dashes.count).elementsEqual(dashes),
      prefix.withUTF8Buffer({ line.prefix(prefixCount).elementsEqual($0) })
    else { return nil }
    return line.dropFirst(prefixCount).dropLast(dashes.count)
  }

  private static let dashes = [UInt8](repeating: 0x2D, count: 5)

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = line.last, last == 0x20 || last == 0x09 { line.removeLast() }
    return line
  }
}
