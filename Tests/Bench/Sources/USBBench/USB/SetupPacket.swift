/// The first eight bytes of a control transfer (USB 2.0 §9.3).
public struct SetupPacket: Equatable, Sendable {
  public var requestType: UInt8
  public var request: UInt8
  public var value: UInt16
  public var index: UInt16
  /// Bytes that follow, in the direction the request type says.
  public var length: UInt16

  public init(requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, length: UInt16) {
    self.requestType = requestType
    self.request = request
    self.value = value
    self.index = index
    self.length = length
  }

  /// Nil for fewer than eight bytes.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 8 else { return nil }
    let bytes = Array(bytes.prefix(8))
    func word(_ at: Int) -> UInt16 { UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 }
    self.init(
      requestType: bytes[0], request: bytes[1], value: word(2), index: word(4), length: word(6))
  }

  var isToHost: Bool { requestType & 0x80 != 0 }
  var isStandard: Bool { requestType & 0x60 == 0 }
  var valueHigh: UInt8 { UInt8(value >> 8) }
  var valueLow: UInt8 { UInt8(truncatingIfNeeded: value) }
}
