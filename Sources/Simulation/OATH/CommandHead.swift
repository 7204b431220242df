/// An APDU as a card reads it (ISO/IEC 7816-4 §5.1), short or extended.
struct CommandHead: Equatable {
  var cla: UInt8
  var ins: UInt8
  var p1: UInt8
  var p2: UInt8
  var data: [UInt8]

  /// Nil if the lengths do not fit the bytes.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    (cla, ins, p1, p2) = (bytes[0], bytes[1], bytes[2], bytes[3])
    data = []
    let body = bytes.dropFirst(4)
    guard body.count > 1, let first = body.first else { return }
    if first != 0 {
      let length = Int(first)
      guard body.count == length + 1 || body.count == length + 2 else { return nil }
      data = Array(body.dropFirst().prefix(length))
    } else if body.count > 3 {
      let length = Int(bytes[5]) << 8 | Int(bytes[6])
      guard body.count == length + 3 || body.count == length + 5 else { return nil }
      data = Array(body.dropFirst(3).prefix(length))
    }
  }
}
