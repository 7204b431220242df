import SmartCard

extension Activation {
  /// The frames that must have led to this activation, one card in the field assumed.
  ///
  /// - Parameter readerFrameSizeCode: FSDI, the code of the longest frame the reader takes.
  func frames(readerFrameSizeCode: UInt8) -> [AirFrame] {
    switch self {
    case .typeA(let card): card.frames(readerFrameSizeCode: readerFrameSizeCode)
    case .typeB(let card): card.frames(readerFrameSizeCode: readerFrameSizeCode)
    }
  }
}

extension TypeAActivation {
  /// ISO/IEC 14443-3, 6: REQA and ATQA, then anticollision and SELECT a cascade level; 14443-4, 5:
  /// RATS and ATS.
  fileprivate func frames(readerFrameSizeCode: UInt8) -> [AirFrame] {
    let low = UInt8(truncatingIfNeeded: atqa.rawValue)
    let high = UInt8(truncatingIfNeeded: atqa.rawValue >> 8)
    var frames = [AirFrame(.toCard, [0x26]), AirFrame(.fromCard, [low, high])]
    frames += cascadeFrames
    guard let ats else { return frames }
    frames.append(AirFrame(.toCard, [0xE0, readerFrameSizeCode << 4], .typeA))
    frames.append(AirFrame(.fromCard, ats.bytes, .typeA))
    return frames
  }

  private var cascadeFrames: [AirFrame] {
    let levels = uid.withCascadeTags
    var frames: [AirFrame] = []
    for (level, start) in stride(from: 0, to: levels.count, by: 4).enumerated() {
      let part = Array(levels[start..<start + 4])
      let checked = part + [part.reduce(0, ^)]
      let select = 0x93 + 2 * UInt8(level)
      let isLast = start + 4 == levels.count
      frames.append(AirFrame(.toCard, [select, 0x20]))
      frames.append(AirFrame(.fromCard, checked))
      frames.append(AirFrame(.toCard, [select, 0x70] + checked, .typeA))
      // Before the last level a SAK says only that the UID is not complete.
      frames.append(AirFrame(.fromCard, [isLast ? sak.rawValue : 0x04], .typeA))
    }
    return frames
  }
}

extension TypeBActivation {
  /// ISO/IEC 14443-3, 7: REQB for all applications in one slot and ATQB, then ATTRIB and its answer.
  fileprivate func frames(readerFrameSizeCode: UInt8) -> [AirFrame] {
    var frames = [
      AirFrame(.toCard, [0x05, 0x00, 0x00], .typeB),
      AirFrame(.fromCard, atqb.bytes, .typeB),
    ]
    guard !attribResponse.isEmpty else { return frames }
    let parameters = [0x00, readerFrameSizeCode, atqb.isISO14443_4 ? 0x01 : 0x00, 0x00]
    frames.append(AirFrame(.toCard, [0x1D] + atqb.pupi + parameters, .typeB))
    frames.append(AirFrame(.fromCard, attribResponse, .typeB))
    return frames
  }
}

extension Activation {
  var checksum: FrameChecksum {
    switch self {
    case .typeA: .typeA
    case .typeB: .typeB
    }
  }
}
