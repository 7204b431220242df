import PN53x
import ReaderWire
import SmartCard

extension CardError {
  /// What the driver saw during an exchange, told to the card's application.
  init(_ fault: DriverFault) {
    let status = UInt8(truncatingIfNeeded: fault.code)
    let reason: Reason =
      switch fault.kind {
      case .chipStatus:
        switch ChipStatus(rawValue: status).meaning {
        case .noAnswer: .timedOut
        case .released: .removed
        // Whether it really is another card is seen when it is activated again.
        case .exchanged, .protocolViolation: .protocolViolation(.chipStatus(status))
        case .garbled, .unknown, .success: .transmission(chipStatus: status)
        case .chipRefused, .hardware: .reader(.chip(status: status))
        }
      case .noCard: .removed
      case .otherCard: .replaced
      case .line, .notOpen, .outOfStep, .silent, .speedLost, .unidentifiedChip:
        .reader(.line(code: fault.code))
      case .malformed: .protocolViolation(.chipStatus(0))
      case .answerTooLong: .protocolViolation(.answerTooLong)
      case .deadline, .cancelled: .deadlinePassed
      case .gone, .notFound: .reader(.gone)
      case .permission: .reader(.permission)
      case .claimed: .reader(.busy)
      case .unknownConnstring, .notSerialPort, .library: .reader(.unsupported)
      // No card selected: it was lost in the exchange before.
      case .state: .removed
      }
    self.init(reason, commandMayHaveRun: fault.commandMayHaveRun)
  }

  /// A failure to get the reader going again.
  init(_ error: ReaderError) {
    let reason: Reason =
      switch error {
      case .fault(let fault): .reader(fault)
      case .noCard: .removed
      case .severalCards, .unsuitableCard: .replaced
      case .malformedCard: .protocolViolation(.chipStatus(0))
      case .deadlinePassed, .cancelled: .deadlinePassed
      case .permission: .reader(.permission)
      case .claimed, .busy: .reader(.busy)
      case .silent, .speedLost, .unidentifiedChip: .reader(.line(code: 0))
      case .notFound, .noReader: .reader(.gone)
      case .unknownConnstring, .notSerialPort, .driverMissing: .reader(.unsupported)
      case .serviceUnreachable: .reader(.driverExited(status: 0))
      }
    self.init(reason, commandMayHaveRun: false)
  }
}
