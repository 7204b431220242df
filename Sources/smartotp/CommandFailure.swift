import OTPCard
import Reader
import ReaderUSB
import SmartCard

/// The one line and the one exit status a failed command ends with.
struct CommandFailure: Error {
  /// After sysexits(3).
  enum Status: Int32 {
    case usage = 64
    case badData = 65
    case noReader = 69
    case internalError = 70
    case readerFailure = 74
    case tryAgain = 75
    case permission = 77
    case configuration = 78
    /// Ended by Ctrl-C, as a shell reports it.
    case interrupted = 130
  }

  var message: String
  var status: Status

  init(_ message: String, _ status: Status) {
    self.message = message
    self.status = status
  }
}

extension CommandFailure {
  init(_ error: ReaderError) {
    self.init(error.explanation, Status(error))
  }

  init(_ error: ReaderNameError) {
    if case .malformedPort = error {
      self.init(error.explanation, .usage)
    } else {
      self.init(error.explanation, .noReader)
    }
  }

  init(_ error: USBError) {
    let status: Status =
      switch error {
      case .nothingThere: .noReader
      case .permission: .permission
      case .resetForbidden, .library: .readerFailure
      }
    self.init(error.explanation, status)
  }

  init(_ error: CardError) {
    self.init(
      "\(error.explanation)\(error.reason.nativeStatus.map { " (\($0))" } ?? "")",
      Status(error))
  }
}

extension CommandFailure.Status {
  init(_ error: ReaderError) {
    switch error {
    case .noReader, .unknownConnstring, .notFound, .notSerialPort, .silent: self = .noReader
    case .permission, .fault(.permission): self = .permission
    case .claimed, .speedLost, .unidentifiedChip, .fault, .serviceUnreachable: self = .readerFailure
    case .noCard, .severalCards, .deadlinePassed, .busy: self = .tryAgain
    case .unsuitableCard, .malformedCard: self = .badData
    case .cancelled: self = .interrupted
    case .driverMissing: self = .internalError
    }
  }

  init(_ error: CardError) {
    switch error.reason {
    case .removed, .replaced, .timedOut, .deadlinePassed, .transmission: self = .tryAgain
    case .protocolViolation(.chipStatus): self = .tryAgain
    case .protocolViolation, .malformedResponse, .commandNotEncodable: self = .badData
    case .reader(.permission): self = .permission
    case .reader: self = .readerFailure
    }
  }
}

extension CardError.Reason {
  /// The number the chip or the line gave, for whoever has to dig deeper.
  var nativeStatus: String? {
    switch self {
    case .transmission(let status), .protocolViolation(.chipStatus(let status)),
      .reader(.chip(let status)):
      "chip status \(Hexadecimal.text([status]))"
    case .timedOut: "chip status 01"
    case .reader(.line(let code)) where code != 0: "libnfc error \(code)"
    case .reader(.driverKilled(let signal)): "signal \(signal)"
    default: nil
    }
  }
}
