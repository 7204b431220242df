import Glibc
import ReaderWire
import SmartCard

/// Why a reader did not do what was asked, in the operator's terms.
public enum ReaderError: Error, Hashable, Sendable {
  /// libnfc finds no reader at all.
  case noReader
  /// No driver of libnfc knows this name.
  case unknownConnstring(String)
  /// The device named is not there.
  case notFound(String)
  /// The operating system refuses access to the device.
  case permission(String)
  /// The path names something that is no serial port.
  case notSerialPort(String)
  /// Another program holds the reader.
  case claimed(String)
  /// The device is there, but no PN53x answers on it.
  case silent(String)
  /// The chip was switched to a speed, in bits a second, that its serial line cannot carry.
  case speedLost(Int)
  /// A chip answers, but not as one we know.
  case unidentifiedChip(String)
  /// The reader failed while in use; says whether line, chip or driver.
  case fault(ReaderFault)
  /// No card came within the time.
  case noCard
  /// More than one card is in the field.
  case severalCards(Int)
  /// The card does not speak ISO/IEC 14443-4, so no APDU reaches it.
  case unsuitableCard(Activation)
  /// The card's activation data break the standard.
  case malformedCard(String)
  /// The caller's deadline passed.
  case deadlinePassed
  case cancelled
  /// Another operation on this reader is still under way.
  case busy
  /// The driver program cannot be started.
  case driverMissing(String)
  /// The driver's service cannot be reached at this socket; `code` is the errno.
  case serviceUnreachable(socket: String, code: Int32)

  /// What failed, why, and what to do, in one line.
  public var explanation: String {
    switch self {
    case .noReader:
      "no reader found: none is attached that libnfc knows; plug one in or name it with --reader"
    case .unknownConnstring(let name):
      "no reader '\(name)': a name is driver:device, and 'smartotp readers' shows those there are"
    case .notFound(let path): "no reader at \(path): the device is not there; plug it in"
    case .permission(let path):
      "no access to \(path): permission denied; add yourself to the device's group"
    case .notSerialPort(let path): "\(path) is no serial port; name the reader's port"
    case .claimed(let detail): "the reader is in use: \(detail); stop that program and try again"
    case .silent(let name):
      "nothing that answers as a reader at \(name): check wiring, mode switches and speed"
    case .speedLost(let speed):
      "the reader was lost when its line was switched to \(speed) baud: unplug it, plug it in "
        + "again, and use --line-speed 115200"
    case .unidentifiedChip(let detail): "the reader did not identify itself: \(detail)"
    case .fault(let fault): "the reader failed: \(fault.explanation)"
    case .noCard: "no card came in time; lay it on the reader and try again"
    case .severalCards(let count):
      "\(count) cards are on the reader: which one is meant is not clear; leave one and try again"
    case .unsuitableCard: "this card takes no APDUs (not ISO 14443-4); use a card with OATH on it"
    case .malformedCard(let detail): "this card cannot be used: \(detail); use another card"
    case .deadlinePassed: "the reader did not answer in time; try again"
    case .cancelled: "cancelled"
    case .busy: "the reader is busy with another request"
    case .driverMissing(let path): "the reader's driver cannot be started: \(path) is missing"
    case .serviceUnreachable(let socket, EACCES):
      "the reader's service at \(socket) takes no connection from this user; run as its user, and "
        + "see 'systemctl cat smartotp-reader.socket'"
    case .serviceUnreachable(let socket, _):
      "the reader's service does not answer at \(socket); see "
        + "'systemctl status smartotp-reader.socket'"
    }
  }
}

extension ReaderError {
  /// What the driver saw, told to the caller.
  init(_ fault: DriverFault) {
    switch fault.kind {
    case .unknownConnstring: self = .unknownConnstring(fault.detail)
    case .notFound: self = .notFound(fault.detail)
    case .permission: self = .permission(fault.detail)
    case .notSerialPort: self = .notSerialPort(fault.detail)
    case .claimed: self = .claimed(fault.detail)
    case .silent: self = .silent(fault.detail)
    case .speedLost: self = .speedLost(Int(fault.code))
    case .unidentifiedChip: self = .unidentifiedChip(fault.detail)
    case .line, .notOpen, .outOfStep: self = .fault(.line(code: fault.code))
    case .chipStatus: self = .fault(.chip(status: UInt8(truncatingIfNeeded: fault.code)))
    case .gone: self = .fault(.gone)
    case .noCard: self = .noCard
    case .otherCard: self = .severalCards(2)
    case .malformed: self = .malformedCard(fault.detail)
    case .answerTooLong: self = .malformedCard("its answer has no end")
    case .deadline: self = .deadlinePassed
    case .cancelled: self = .cancelled
    case .state, .library: self = .fault(.unsupported)
    }
  }

  /// Whether a reader that worked may work again without anybody changing the program's words.
  var mayPass: Bool {
    switch self {
    case .unknownConnstring, .notSerialPort, .driverMissing, .busy, .cancelled: false
    case .fault(.unsupported): false
    default: true
    }
  }

  /// Whether opening the reader again may help.
  var isTransient: Bool {
    switch self {
    case .silent, .unidentifiedChip, .deadlinePassed: true
    case .fault(let fault): fault.isTransient
    default: false
    }
  }
}
