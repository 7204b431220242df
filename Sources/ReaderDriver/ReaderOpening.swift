import PN53x
import ReaderWire

extension ReaderDevice {
  /// Opens a reader and leaves it ready for cards, its line as fast as allowed.
  ///
  /// - Parameters:
  ///   - highestSpeed: the fastest speed for a serial line, bits a second.
  ///   - lastSpeed: where the chip was left, when the caller knows (0: it does not).
  ///   - care: what this reader's behaviour asks for.
  static func open(
    _ text: String, highestSpeed: UInt32, lastSpeed: UInt32, care: OpeningCare, library: LibNFC,
    within budget: TimeBudget
  ) throws(DriverFault) -> ReaderDevice {
    guard let named = Connstring(text) else {
      throw DriverFault(.unknownConnstring, detail: text)
    }
    let connstring = try whole(named, library)
    let port = try connstring.path.map { path throws(DriverFault) in try SerialPort(path: path) }
    try port?.lock(within: budget.capped(milliseconds: lockTime))
    try port?.clearStaleClaim()
    if let port, connstring.allowsSpeedChange, lastSpeed > SerialSpeed.initial.bitsPerSecond {
      _ = LineSpeed.recover(
        port: port, likely: SerialSpeed(bitsPerSecond: lastSpeed), within: budget)
    }
    let node = USBNode(connstring)
    let lock = try node.map { node throws(DriverFault) in
      try LockedNode(node, within: budget.capped(milliseconds: lockTime))
    }
    if care.contains(.drainFirst) { node?.drainLateAnswers() }
    var fault = DriverFault(.deadline)
    var lostAtSpeed: DriverFault?
    for attempt in 0..<3 where !budget.isSpent {
      let start = TimeBudget.now()
      do {
        return try openOnce(
          connstring, port: port, lock: lock, highestSpeed: highestSpeed, care: care,
          library: library, within: budget)
      } catch {
        if error.kind == .speedLost { lostAtSpeed = error }
        fault = lostAtSpeed ?? error
        guard [.silent, .line, .unidentifiedChip, .speedLost].contains(error.kind) else {
          throw error
        }
        // A device that vanishes while it is opened, or whose rights are being taken.
        try node?.checkAgain()
        guard let port else {
          // A reader that lets its driver wait needs more than being asked again.
          guard TimeBudget.now() - start < Self.slowFailure else { throw fault }
          if care.contains(.drainAfterFailure) { node?.drainLateAnswers() }
          continue
        }
        if port.isHungUp { throw DriverFault(.gone, detail: port.path) }
        if connstring.allowsSpeedChange, attempt < 2 {
          _ = LineSpeed.recover(port: port, likely: nil, within: budget)
        }
      }
    }
    throw fault
  }

  /// Nanoseconds; libnfc's USB drivers wait a second for an answer.
  private static let slowFailure: UInt64 = 700_000_000

  /// Longer than a driver whose program is gone stays alive.
  private static let lockTime = 2000

  /// A USB reader's name with bus and device number. Without them libnfc takes, resets and claims the
  /// first device on the bus, whatever that is.
  private static func whole(
    _ connstring: Connstring, _ library: LibNFC
  ) throws(DriverFault) -> Connstring {
    guard connstring.bus == .usb, USBNode(connstring) == nil else { return connstring }
    let found = library.connstrings().lazy.compactMap { Connstring($0) }
    guard let first = found.first(where: { $0.text.hasPrefix(connstring.text + ":") }) else {
      throw DriverFault(.notFound, detail: connstring.text)
    }
    return first
  }

  private static func openOnce(
    _ connstring: Connstring, port: SerialPort?, lock: LockedNode?, highestSpeed: UInt32,
    care: OpeningCare, library: LibNFC, within budget: TimeBudget
  ) throws(DriverFault) -> ReaderDevice {
    let link = try library.open(connstring)
    do throws(DriverFault) {
      guard link.isChipIdentified else {
        throw DriverFault(.unidentifiedChip, detail: "the chip did not say what it is")
      }
      try link.initialise()
      var line: LineSpeed?
      if let port, connstring.allowsSpeedChange {
        var change = LineSpeed(port: port)
        try change.raise(
          to: SerialSpeed.fastest(within: highestSpeed), link: link, within: budget)
        line = change
      }
      let firmware = try link.transceive(
        .getFirmwareVersion, within: budget.capped(milliseconds: 500))
      return try ReaderDevice(
        connstring: connstring, link: link, port: port, lock: lock, line: line,
        firmwareBytes: firmware, care: care, within: budget.capped(milliseconds: 500))
    } catch {
      link.close()
      throw error
    }
  }
}

extension SerialSpeed {
  /// The fastest speed up to this many bits a second, never below the initial one.
  static func fastest(within limit: UInt32) -> SerialSpeed {
    allCases.last { $0.bitsPerSecond <= limit && $0.rawValue >= initial.rawValue } ?? .initial
  }
}
