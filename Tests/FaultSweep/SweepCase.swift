import Simulation

/// One run of the sweep: what goes wrong in it.
struct SweepCase: Sendable {
  enum Damage: String, Sendable, CaseIterable {
    case lost, flipped, held, cut, status, pulled, late, chip
  }

  var damage: Damage
  var place: String
  var fault: Fault
  /// One thing, once: the tap has to survive it.
  var isTransient: Bool { damage != .cut }
  /// A zero byte on its way to the chip is lost, which a PN532 cannot notice.
  var losesZeroToChip = false
}

extension SweepCase {
  /// Longer than an exchange may take.
  static let hold = Duration.milliseconds(1300)

  /// Every byte of every frame of a run without faults, lost, flipped, held and cut.
  static func line(_ frames: [FrameRecord]) -> [SweepCase] {
    frames.flatMap { frame in
      frame.bytes.indices.flatMap { byte in
        let place = "\(frame.direction.rawValue) frame \(frame.index) byte \(byte)"
        func at(_ damage: Damage, _ fault: LineFault) -> SweepCase {
          SweepCase(
            damage: damage, place: place,
            fault: .line(frame.direction, frame: frame.index, byte: byte, fault))
        }
        var lost = at(.lost, .drop)
        lost.losesZeroToChip = frame.direction == .toChip && frame.bytes[byte] == 0
        return [
          lost, at(.flipped, .flip(UInt8(1) << UInt8((byte + frame.index) % 8))),
          at(.held, .hold(hold)), at(.cut, .cut),
        ]
      }
    }
  }

  /// Every status byte at every exchange with the card, executed and refused.
  static func statuses(exchanges: Int) -> [SweepCase] {
    (0..<exchanges).flatMap { exchange in
      (UInt8(0x01)...0x3F).map { status in
        SweepCase(
          damage: .status, place: "exchange \(exchange) status \(status)",
          fault: .chip(command: exchange, code: 0x40, .status(status)))
      }
        + [
          SweepCase(
            damage: .status, place: "exchange \(exchange) NAD",
            fault: .chip(command: exchange, code: 0x40, .status(0x80)))
        ]
    }
  }

  /// The chip deaf, mute, slow, confused, or without power for a moment, at every command.
  static func chip(commands: Int) -> [SweepCase] {
    let faults: [(String, ChipFault)] = [
      ("reset", .reset), ("NACK", .negativeAcknowledge), ("ignored", .ignore), ("mute", .mute),
      ("error frame", .syntaxError), ("late", .delay(hold)),
    ]
    return (0..<commands).flatMap { command in
      faults.map { name, fault in
        SweepCase(
          damage: .chip, place: "command \(command) \(name)",
          fault: .chip(command: command, fault))
      }
    }
  }

  /// The card pulled for a moment, or late, at every APDU.
  static func cards(exchanges: Int) -> [SweepCase] {
    (0..<exchanges).flatMap { exchange -> [SweepCase] in
      let back = Duration.milliseconds(300)
      func at(_ damage: Damage, _ place: String, _ fault: CardFault) -> SweepCase {
        SweepCase(
          damage: damage, place: "APDU \(exchange) \(place)", fault: .card(apdu: exchange, fault))
      }
      return [
        at(.pulled, "pulled before", .pullBefore(returnsAfter: back)),
        at(.pulled, "pulled during", .pullDuring(returnsAfter: back)),
        at(.late, "late with WTX", .late(.milliseconds(400))),
        at(.late, "later than the deadline", .late(hold)),
        at(.late, "mute", .answer(nil)),
      ]
    }
  }
}
