/// Writes pcapng (IETF draft-ietf-opsawg-pcapng), one section with one interface, little endian, with
/// times in nanoseconds. Each call gives the bytes of whole blocks: append them to the file.
public struct PcapngWriter: Sendable {
  public let linkType: UInt16

  public init(linkType: UInt16) {
    self.linkType = linkType
  }

  /// The file's beginning: section header and interface description.
  ///
  /// - Parameters:
  ///   - interfaceName: for instance the reader's connstring.
  ///   - application: who writes the file.
  ///   - comment: about the whole file.
  public func header(interfaceName: String, application: String, comment: String) -> [UInt8] {
    var section = BlockWriter(type: PcapngBlock.sectionHeader)
    section.append(PcapngBlock.byteOrderMagic)
    section.append(UInt16(1))
    section.append(UInt16(0))
    section.append(UInt64.max)
    section.appendOption(PcapngOption.comment, text: comment)
    section.appendOption(PcapngOption.userApplication, text: application)

    var interface = BlockWriter(type: PcapngBlock.interfaceDescription)
    interface.append(linkType)
    interface.append(UInt16(0))
    interface.append(UInt32(0))
    interface.appendOption(PcapngOption.interfaceName, text: interfaceName)
    interface.appendOption(PcapngOption.timestampResolution, [9])
    return section.finished() + interface.finished()
  }

  /// An enhanced packet block.
  ///
  /// - Parameter timestamp: nanoseconds since 1970.
  public func packet(_ data: [UInt8], timestamp: UInt64, comment: String? = nil) -> [UInt8] {
    let count = UInt32(truncatingIfNeeded: data.count)
    var block = BlockWriter(type: PcapngBlock.enhancedPacket)
    block.append(UInt32(0))
    block.append(UInt32(truncatingIfNeeded: timestamp >> 32))
    block.append(UInt32(truncatingIfNeeded: timestamp))
    block.append(count)
    block.append(count)
    block.appendPadded(data)
    if let comment { block.appendOption(PcapngOption.comment, text: comment) }
    return block.finished()
  }
}

enum PcapngBlock {
  static let sectionHeader: UInt32 = 0x0A0D_0D0A
  static let interfaceDescription: UInt32 = 1
  static let enhancedPacket: UInt32 = 6

  static let byteOrderMagic: UInt32 = 0x1A2B_3C4D
}

enum PcapngOption {
  static let end: UInt16 = 0
  static let comment: UInt16 = 1
  static let interfaceName: UInt16 = 2
  static let userApplication: UInt16 = 4
  static let timestampResolution: UInt16 = 9

  /// Longer texts are cut: no line that a person reads needs more.
  static let maximumTextByteCount = 1024
}

private struct BlockWriter {
  private let type: UInt32
  private var body: [UInt8] = []
  private var hasOptions = false

  init(type: UInt32) {
    self.type = type
  }

  mutating func append(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { body += $0 }
  }

  mutating func appendPadded(_ bytes: [UInt8]) {
    body += bytes
    while !body.count.isMultiple(of: 4) { body.append(0) }
  }

  mutating func appendOption(_ code: UInt16, text: String) {
    appendOption(code, utf8(of: text, atMost: PcapngOption.maximumTextByteCount))
  }

  mutating func appendOption(_ code: UInt16, _ value: [UInt8]) {
    append(code)
    append(UInt16(truncatingIfNeeded: value.count))
    appendPadded(value)
    hasOptions = true
  }

  consuming func finished() -> [UInt8] {
    if hasOptions { append(UInt32(PcapngOption.end)) }
    let contents = body
    let count = UInt32(truncatingIfNeeded: contents.count + 12)
    body = []
    append(type)
    append(count)
    body += contents
    append(count)
    return body
  }
}

/// The text's beginning, cut between characters.
private func utf8(of text: String, atMost limit: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for scalar in text.unicodeScalars {
    let next = Array(String(scalar).utf8)
    if bytes.count + next.count > limit { break }
    bytes += next
  }
  return bytes
}
