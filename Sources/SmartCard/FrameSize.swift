/// The longest frame a card takes, FSC, prologue and CRC included.
enum FrameSize {
  /// FSC when a card says nothing: FSCI 2.
  static let standard = 32

  /// The size in bytes for FSCI or the ATQB's maximum frame size code
  /// (ISO/IEC 14443-4, 5.2.3; 14443-3, 7.9.4.4). D to F are reserved and taken as C.
  static func bytes(code: UInt8) -> Int {
    switch code {
    case 0: 16
    case 1: 24
    case 2: 32
    case 3: 40
    case 4: 48
    case 5: 64
    case 6: 96
    case 7: 128
    case 8: 256
    case 9: 512
    case 10: 1024
    case 11: 2048
    default: 4096
    }
  }
}
