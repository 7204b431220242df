/// The chip's information frame on a serial line: 00 00 FF LEN LCS D4 … DCS 00
/// (UM0701-02, 6.2.1). Used only where libnfc has no say: to bring a chip that was left at another
/// speed back to the one libnfc expects.
public enum HostFrame {
  public static let ack: [UInt8] = [0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00]

  /// Wakes a chip that sleeps behind its UART; the zeros give its oscillator time (UM0701-02, 7.2.11).
  public static let wakeUp: [UInt8] = [0x55, 0x55] + Array(repeating: 0x00, count: 14)

  /// A normal frame. Nil when the command does not fit one (254 bytes).
  public static func encode(_ command: ChipCommand) -> [UInt8]? {
    let length = command.bytes.count + 1
    guard let len = UInt8(exactly: length), len < 0xFF else { return nil }
    var sum: UInt8 = 0xD4
    for byte in command.bytes { sum &+= byte }
    return [0x00, 0x00, 0xFF, len, 0 &- len, 0xD4] + command.bytes + [0 &- sum, 0x00]
  }

  /// Whether `received` holds the chip's positive answer to `command`, wherever it begins.
  public static func contains(answerTo command: ChipCommand, in received: [UInt8]) -> Bool {
    guard let code = command.bytes.first, received.count >= 7 else { return false }
    for start in 0...(received.count - 7)
    where received[start] == 0x00 && received[start + 1] == 0xFF && received[start + 4] == 0xD5 {
      let length = received[start + 2]
      if length &+ received[start + 3] == 0, received[start + 5] == code &+ 1 { return true }
    }
    return false
  }
}
