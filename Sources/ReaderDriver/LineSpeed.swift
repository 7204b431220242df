import PN53x
import ReaderWire

/// Moves a PN532's serial line between speeds. The chip starts at 115200, where libnfc expects it;
/// a byte then costs 87 µs, more than on the air. The change is a command at the old speed, its
/// answer, and the host's ACK, after which both sides switch (UM0701-02, 7.2.9).
struct LineSpeed {
  let port: SerialPort
  private(set) var current = SerialSpeed.initial

  init(port: SerialPort) { self.port = port }

  /// How long an answer to a short command may take at any speed.
  private static let answerTime = 60

  /// Tries `highest` and the speeds below it, down to where the line is. Whatever happens, host and
  /// chip agree afterwards or an error is thrown.
  mutating func raise(
    to highest: SerialSpeed, link: ChipLink, within budget: TimeBudget
  ) throws(DriverFault) {
    var candidate = highest
    while candidate.rawValue > current.rawValue {
      if try change(to: candidate, link: link, within: budget) { return }
      guard let slower = candidate.slower else { return }
      candidate = slower
    }
  }

  /// Back to the speed libnfc expects at its next opening; a chip that was left at another one costs
  /// that opening 1.5 s, so a lost change is made again. Errors are no use to anyone here: the next
  /// opening looks for the chip at every speed.
  mutating func restore(link: ChipLink, within budget: TimeBudget) {
    for _ in 0..<2 where current != .initial && !budget.isSpent {
      _ = try? change(to: .initial, link: link, within: budget)
    }
  }

  /// One change, proved by an answer at the new speed. False when host and chip are still at the
  /// old one.
  private mutating func change(
    to speed: SerialSpeed, link: ChipLink, within budget: TimeBudget
  ) throws(DriverFault) -> Bool {
    let old = current
    // A port that cannot do the speed says so before the chip is asked to leave.
    guard port.setSpeed(speed), port.setSpeed(old) else {
      _ = port.setSpeed(old)
      return false
    }
    let answer = budget.capped(milliseconds: Self.answerTime)
    guard (try? link.transceive(.setSerialSpeed(speed), within: answer)) != nil else {
      return try settle(between: old, and: speed, link: link, within: budget) == speed
    }
    port.write(HostFrame.ack)
    port.drain()
    _ = port.setSpeed(speed)
    // The chip is at the new speed 200 µs after the ACK's last bit.
    budget.pause(milliseconds: 1)
    return try settle(between: speed, and: old, link: link, within: budget) == speed
  }

  /// After a change that may or may not have happened: the speed at which the chip answers.
  private mutating func settle(
    between first: SerialSpeed, and second: SerialSpeed, link: ChipLink, within budget: TimeBudget
  ) throws(DriverFault) -> SerialSpeed {
    for speed in [first, second, first, second] {
      _ = port.setSpeed(speed)
      let answer = budget.capped(milliseconds: Self.answerTime)
      if let firmware = try? link.transceive(.getFirmwareVersion, within: answer),
        firmware.count >= 2
      {
        current = speed
        return speed
      }
    }
    throw DriverFault(.speedLost, code: Int32(first.bitsPerSecond))
  }

  /// Finds a chip at whatever speed an earlier program left it and brings it to the initial one.
  /// `likely` is tried first. False when no chip answers at any speed.
  static func recover(
    port: SerialPort, likely: SerialSpeed?, within budget: TimeBudget
  ) -> Bool {
    port.makeRaw()
    let speeds: [SerialSpeed] = [
      .initial, .baud921600, .baud460800, .baud230400, .baud57600, .baud38400, .baud19200,
      .baud9600,
    ]
    let order = (likely.map { [$0] } ?? []) + speeds.filter { $0 != likely }
    for speed in order {
      guard !budget.isSpent, port.setSpeed(speed) else { continue }
      if bringBack(port: port, within: budget.capped(milliseconds: answerTime)) {
        _ = port.setSpeed(.initial)
        return true
      }
    }
    _ = port.setSpeed(.initial)
    return false
  }

  private static func bringBack(port: SerialPort, within budget: TimeBudget) -> Bool {
    let command = ChipCommand.setSerialSpeed(.initial)
    guard let frame = HostFrame.encode(command) else { return false }
    port.discardInput()
    port.write(HostFrame.wakeUp + HostFrame.ack + frame)
    let received = port.read(within: budget) {
      HostFrame.contains(answerTo: command, in: $0)
    }
    guard HostFrame.contains(answerTo: command, in: received) else { return false }
    port.write(HostFrame.ack)
    port.drain()
    budget.pause(milliseconds: 1)
    return true
  }
}
