extension AirFrame {
  static let wrongChecksum = "a frame of the card with a wrong checksum"

  /// The frame without its checksum. Nil when it has none that is right.
  var checked: [UInt8]? {
    switch event {
    case .toCardWithoutCRC, .fromCardWithoutCRC: return bytes
    case .toCard, .fromCard:
      guard bytes.count > 2 else { return nil }
      let body = Array(bytes.dropLast(2))
      let sum = Array(bytes.suffix(2))
      let isRight =
        FrameChecksum.typeA.bytes(of: body) == sum || FrameChecksum.typeB.bytes(of: body) == sum
      return isRight ? body : nil
    case .fieldOn, .fieldOff: return nil
    }
  }
}
