/// Half-duplex block transmission without errors (ISO/IEC 14443-4, 7): what the chip and the card say
/// to each other while the host sees whole APDUs. No CID, no NAD.
struct BlockProtocol {
  /// The longest frames each side takes, CRC included.
  private let cardFrame: Int
  private let readerFrame: Int
  private let checksum: FrameChecksum
  private var blockNumber: UInt8 = 0

  /// PCB before the data, CRC behind.
  private static let overhead = 3
  private static let smallestFrame = 16

  init(cardFrame: Int, readerFrame: Int, checksum: FrameChecksum) {
    self.checksum = checksum
    self.cardFrame = max(cardFrame, Self.smallestFrame)
    self.readerFrame = max(readerFrame, Self.smallestFrame)
  }

  /// A command in I-blocks, each but the last acknowledged by the card with its own number.
  mutating func command(_ bytes: [UInt8]) -> [AirFrame] {
    var frames: [AirFrame] = []
    for (part, isLast) in split(bytes, into: cardFrame) {
      frames.append(frame(.toCard, [informationPCB(chained: !isLast)] + part))
      if isLast { break }
      frames.append(frame(.fromCard, [acknowledgePCB]))
      blockNumber ^= 1
    }
    return frames
  }

  /// A response in I-blocks, each but the last acknowledged by the reader with the next number.
  mutating func response(_ bytes: [UInt8]) -> [AirFrame] {
    var frames: [AirFrame] = []
    for (part, isLast) in split(bytes, into: readerFrame) {
      frames.append(frame(.fromCard, [informationPCB(chained: !isLast)] + part))
      blockNumber ^= 1
      if isLast { break }
      frames.append(frame(.toCard, [acknowledgePCB]))
    }
    return frames
  }

  private func frame(_ event: AirFrame.Event, _ bytes: [UInt8]) -> AirFrame {
    AirFrame(event, bytes, checksum)
  }

  private func informationPCB(chained: Bool) -> UInt8 {
    0x02 | (chained ? 0x10 : 0) | blockNumber
  }

  private var acknowledgePCB: UInt8 { 0xA2 | blockNumber }

  /// At least one part, if an empty one.
  private func split(_ bytes: [UInt8], into frame: Int) -> [(part: [UInt8], isLast: Bool)] {
    let size = frame - Self.overhead
    let starts = bytes.isEmpty ? [0] : Array(stride(from: 0, to: bytes.count, by: size))
    return starts.map { start in
      let end = min(start + size, bytes.count)
      return (Array(bytes[start..<end]), end == bytes.count)
    }
  }
}
