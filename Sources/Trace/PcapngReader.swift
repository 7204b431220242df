/// Reads pcapng files of either byte order, as they come: give it bytes, take packets.
///
/// Total and bounded: it holds at most one block of at most `maximumBlock` bytes besides what was
/// appended last, skips kinds of blocks that it does not know, and throws for the rest. After an error
/// the file cannot be read on.
public struct PcapngReader: Sendable {
  /// A captured packet.
  public struct Packet: Equatable, Sendable {
    public let linkType: UInt16
    /// Nanoseconds since 1970; the largest value for times beyond it.
    public let timestamp: UInt64
    /// The packet's size when it was captured: larger than `data` where it was cut.
    public let originalByteCount: UInt32
    public let data: [UInt8]
    public let comments: [String]
  }

  /// The largest block accepted: a frame of 64 KiB and room for comments.
  public static let maximumBlock: UInt32 = 128 * 1024
  /// The most interfaces in one section.
  public static let maximumInterfaces = 64

  private struct Interface {
    var linkType: UInt16
    var resolution: TimestampResolution
  }

  private var buffer: [UInt8] = []
  private var position = 0
  private var isBigEndian = false
  private var isInSection = false
  private var interfaces: [Interface] = []

  public init() {}

  /// More of the file.
  public mutating func append(_ bytes: some Sequence<UInt8>) {
    buffer.removeFirst(position)
    position = 0
    buffer += bytes
  }

  /// The next packet. Nil where more bytes are needed.
  public mutating func next() throws(PcapngError) -> Packet? {
    while let block = try nextBlock() {
      switch block.type {
      case PcapngBlock.sectionHeader: try beginSection(block)
      case PcapngBlock.interfaceDescription: try describeInterface(block)
      case PcapngBlock.enhancedPacket: return try packet(block)
      default: continue
      }
    }
    return nil
  }

  /// Throws `truncated` if the file ended inside a block, `notPcapng` if it was empty.
  public func finish() throws(PcapngError) {
    guard isInSection else { throw buffer.count < 12 ? .notPcapng : .truncated }
    guard position == buffer.count else { throw .truncated }
  }
}

// MARK: Blocks

extension PcapngReader {
  private struct Block {
    var type: UInt32
    var body: PcapngCursor
  }

  private mutating func nextBlock() throws(PcapngError) -> Block? {
    guard buffer.count - position >= 12 else { return nil }
    var cursor = PcapngCursor(buffer[position...], isBigEndian: isBigEndian)
    guard let type = cursor.uint32() else { return nil }
    if type == PcapngBlock.sectionHeader {
      // The section says in its magic, behind the length, how to read the length.
      isBigEndian = try Self.isBigEndian(magic: buffer[position + 8..<position + 12])
      cursor.isBigEndian = isBigEndian
    } else if !isInSection {
      throw .notPcapng
    }
    guard let count = cursor.uint32() else { return nil }
    guard count >= 12, count.isMultiple(of: 4), count <= Self.maximumBlock else {
      throw .blockLength(count)
    }
    let end = position + Int(count)
    guard end <= buffer.count else { return nil }
    var trailer = PcapngCursor(buffer[end - 4..<end], isBigEndian: isBigEndian)
    guard trailer.uint32() == count else { throw .blockLength(count) }
    let body = PcapngCursor(buffer[position + 8..<end - 4], isBigEndian: isBigEndian)
    position = end
    return Block(type: type, body: body)
  }

  private static func isBigEndian(magic: ArraySlice<UInt8>) throws(PcapngError) -> Bool {
    var cursor = PcapngCursor(magic, isBigEndian: false)
    switch cursor.uint32() {
    case PcapngBlock.byteOrderMagic: return false
    case PcapngBlock.byteOrderMagic.byteSwapped: return true
    default: throw .notPcapng
    }
  }

  private mutating func beginSection(_ block: Block) throws(PcapngError) {
    var body = block.body
    guard body.uint32() != nil, let major = body.uint16(), let minor = body.uint16(),
      body.bytes(8) != nil
    else { throw .malformedBlock(type: block.type) }
    guard major == 1 else { throw .unsupportedVersion(major: major, minor: minor) }
    isInSection = true
    interfaces = []
  }

  private mutating func describeInterface(_ block: Block) throws(PcapngError) {
    var body = block.body
    guard let linkType = body.uint16(), body.bytes(6) != nil else {
      throw .malformedBlock(type: block.type)
    }
    guard interfaces.count < Self.maximumInterfaces else { throw .tooManyInterfaces }
    var interface = Interface(linkType: linkType, resolution: .microseconds)
    for option in try options(body, of: block)
    where option.code == PcapngOption.timestampResolution {
      guard let byte = option.value.first else { throw .malformedBlock(type: block.type) }
      interface.resolution = TimestampResolution(byte: byte)
    }
    interfaces.append(interface)
  }

  private func packet(_ block: Block) throws(PcapngError) -> Packet {
    var body = block.body
    guard let index = body.uint32(), let high = body.uint32(), let low = body.uint32(),
      let captured = body.uint32(), let original = body.uint32(),
      let data = body.padded(Int(captured))
    else { throw .malformedBlock(type: block.type) }
    guard index < UInt32(interfaces.count) else { throw .unknownInterface(index) }
    let interface = interfaces[Int(index)]
    let comments = try options(body, of: block).filter { $0.code == PcapngOption.comment }
    return Packet(
      linkType: interface.linkType,
      timestamp: interface.resolution.nanoseconds(UInt64(high) << 32 | UInt64(low)),
      originalByteCount: original, data: Array(data),
      comments: comments.map { String(decoding: $0.value, as: UTF8.self) })
  }

  private func options(
    _ body: PcapngCursor, of block: Block
  ) throws(PcapngError) -> [(code: UInt16, value: ArraySlice<UInt8>)] {
    var body = body
    var options: [(code: UInt16, value: ArraySlice<UInt8>)] = []
    // Each option takes 4 bytes of a bounded block.
    while !body.isAtEnd {
      guard let code = body.uint16(), let count = body.uint16(),
        let value = body.padded(Int(count))
      else { throw .malformedBlock(type: block.type) }
      if code == PcapngOption.end { break }
      options.append((code, value))
    }
    return options
  }
}
