/// The status byte that opens most answers of the chip (UM0701-02 §7.1).
public enum ChipStatus: UInt8, Sendable {
  case ok = 0x00
  case timeout = 0x01
  case checksum = 0x02
  case bitCollision = 0x06
  case bufferTooSmall = 0x07
  case rfProtocol = 0x0B
  case internalBufferOverflow = 0x0E
  case invalidParameter = 0x10
  case dataFormat = 0x13
  case authentication = 0x14
  case uidCheckByte = 0x23
  case notAllowed = 0x26
  case wrongContext = 0x27
  case released = 0x29
  case cardMismatch = 0x2A
  case cardDisappeared = 0x2B
}
