/// Cuts what the host writes into frames, for the record and for faults.
///
/// It sees the bytes as the host sent them, before anything happens to them on the line.
struct FrameSegmenter {
  /// A frame, or the part of one that a write brought.
  struct Segment: Equatable {
    var kind: FrameKind
    /// Where in its frame the first byte stands; 0 begins a frame.
    var start: Int
    var bytes: [UInt8]
    var endsFrame: Bool
  }

  private var open: (kind: FrameKind, position: Int, total: Int)?
  /// How much noise there has been since the last frame.
  private var noiseLength = 0
  /// What may be the head of a frame whose rest has not come yet.
  private var held: [UInt8] = []

  mutating func cut(_ written: [UInt8]) -> [Segment] {
    var rest = (held + written)[...]
    held = []
    var segments: [Segment] = []
    while !rest.isEmpty {
      if let frame = open {
        segments.append(advance(frame, &rest))
        continue
      }
      let head = Self.head(rest)
      let noise = Array(rest[..<head.start])
      if !noise.isEmpty {
        segments.append(Segment(kind: .noise, start: noiseLength, bytes: noise, endsFrame: true))
        noiseLength += noise.count
      }
      rest = rest[head.start...]
      guard let kind = head.kind else {
        held = Array(rest)
        break
      }
      open = (kind, 0, head.total)
      noiseLength = 0
    }
    return segments
  }

  private mutating func advance(
    _ frame: (kind: FrameKind, position: Int, total: Int), _ rest: inout ArraySlice<UInt8>
  ) -> Segment {
    let part = Array(rest.prefix(frame.total - frame.position))
    rest = rest.dropFirst(part.count)
    let end = frame.position + part.count
    open = end < frame.total ? (frame.kind, end, frame.total) : nil
    return Segment(
      kind: frame.kind, start: frame.position, bytes: part, endsFrame: end == frame.total)
  }

  /// Where the next frame starts, and what it is; no kind while its head is incomplete.
  private static func head(
    _ bytes: ArraySlice<UInt8>
  ) -> (start: Int, kind: FrameKind?, total: Int) {
    for code in bytes.indices.dropFirst() where bytes[code] == 0xFF && bytes[code - 1] == 0x00 {
      let start = code - bytes.startIndex >= 2 && bytes[code - 2] == 0x00 ? code - 2 : code - 1
      let tail = bytes[(code + 1)...]
      let prefix = code + 1 - start
      guard tail.count >= 2 else { return (start, nil, 0) }
      let (length, sum) = (tail[code + 1], tail[code + 2])
      switch (length, sum) {
      case (0x00, 0xFF): return (start, .acknowledge, prefix + 3)
      case (0xFF, 0x00): return (start, .negativeAcknowledge, prefix + 3)
      case (0xFF, 0xFF):
        guard tail.count >= 4 else { return (start, nil, 0) }
        let count = Int(tail[code + 3]) << 8 | Int(tail[code + 4])
        return (start, .information, prefix + 5 + count + 2)
      default:
        if length &+ sum == 0 { return (start, .information, prefix + 2 + Int(length) + 2) }
      }
    }
    let zeros = bytes.reversed().prefix(2).prefix { $0 == 0x00 }.count
    return (bytes.endIndex - zeros, nil, 0)
  }
}
