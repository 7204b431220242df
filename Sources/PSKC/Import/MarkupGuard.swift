/// Looks through a file for what the XML parser must never see, before it sees the file.
///
/// libxml2 expands entities that a DOCTYPE declares, and a tag takes it a time that grows with the
/// square of its attributes. XMLParser (Swift 6.3) trusts names to be UTF-8, and crashes at notations
/// and at processing instructions without data. A container needs none of them.
struct MarkupGuard {
  private let bytes: [UInt8]
  private let limits: PSKCLimits
  private var position = 0

  static func check(_ bytes: [UInt8], limits: PSKCLimits) throws(PSKCError) {
    guard bytes.count <= limits.byteCount else {
      throw PSKCError(.tooManyBytes(maximum: limits.byteCount))
    }
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
      throw PSKCError(.notUTF8)
    }
    var markup = MarkupGuard(bytes: bytes, limits: limits)
    try markup.skipDeclaration()
    try markup.checkTags()
  }

  private init(bytes: [UInt8], limits: PSKCLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Refuses an XML declaration that names another encoding than UTF-8 or its subset.
  private mutating func skipDeclaration() throws(PSKCError) {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if bytes.starts(with: byteOrderMark) { position += byteOrderMark.count }
    guard starts(with: "<?xml"), bytes.count > position + 5, isSpace(bytes[position + 5]) else {
      return
    }
    let start = position
    try skip("<?xml", through: "?>")
    let words = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
      .split { " \t\r\n=?".contains($0) }
    guard let label = words.firstIndex(of: "encoding") else { return }
    let encoding = words[(label + 1)...].first?.trimmingQuotes
    guard encoding == "utf-8" || encoding == "utf8" || encoding == "us-ascii" else {
      throw PSKCError(.notUTF8)
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private mutating func checkTags() throws(PSKCError) {
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      position = start
      if starts(with: "<!--") {
        try skip("<!--", through: "-->")
      } else if starts(with: "<![CDATA[") {
        try skip("<![CDATA[", through: "]]>")
      } else if isCutOff("<!--") || isCutOff("<![CDATA[") || isCutOff("<?xml ") {
        throw PSKCError(.truncated)
      } else if starts(with: "<?") {
        throw PSKCError(.processingInstruction)
      } else if starts(with: "<!") {
        throw PSKCError(.documentTypeDeclaration)
      } else {
        try skipTag()
      }
    }
  }

  /// A `>` between quotes is a part of the tag.
  private mutating func skipTag() throws(PSKCError) {
    let end = min(bytes.count, position + limits.tagByteCount)
    var quote: UInt8?
    for index in position..<end {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        position = index + 1
        return
      }
    }
    throw PSKCError(
      end == bytes.count ? .truncated : .tagTooLong(maximum: limits.tagByteCount))
  }

  private mutating func skip(
    _ start: StaticString, through end: StaticString
  ) throws(PSKCError) {
    position += start.utf8CodeUnitCount
    while position < bytes.count {
      if starts(with: end) {
        position += end.utf8CodeUnitCount
        return
      }
      position += 1
    }
    throw PSKCError(.truncated)
  }

  /// Whether the file ends within `text`.
  private func isCutOff(_ text: StaticString) -> Bool {
    let count = bytes.count - position
    guard count < text.utf8CodeUnitCount else { return false }
    return (0..<count).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
  }

  private func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != text.utf8Start[index] {
      return false
    }
    return true
  }
}

extension Substring {
  fileprivate var trimmingQuotes: Substring {
    let isQuote: (Character) -> Bool = { $0 == "\"" || $0 == "'" }
    guard let first, isQuote(first), count >= 2 else { return self }
    return dropFirst().prefix { !isQuote($0) }
  }
}
