/// A message between vpcd, the virtual reader of the vsmartcard project, and a card program: two
/// bytes of length, most significant first, and the payload.
///
/// A payload of one byte from the reader is a control code; every other is a command APDU.
enum VPCDMessage {
  /// The port vpcd waits at.
  static let defaultPort: UInt16 = 35_963

  static let powerOff: UInt8 = 0
  static let powerOn: UInt8 = 1
  static let reset: UInt8 = 2
  static let getATR: UInt8 = 4

  static func write(_ payload: [UInt8], to socket: borrowing StreamSocket) -> Bool {
    guard payload.count <= 0xFFFF else { return false }
    let length = UInt16(payload.count)
    return socket.write([UInt8(length >> 8), UInt8(truncatingIfNeeded: length)] + payload)
  }

  static func read(from socket: borrowing StreamSocket, by deadline: Duration? = nil) -> [UInt8]? {
    guard let head = socket.read(2, by: deadline) else { return nil }
    let length = Int(head[0]) << 8 | Int(head[1])
    return length == 0 ? [] : socket.read(length, by: deadline)
  }
}
