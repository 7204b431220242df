import Simulation

/// A reader's electronics around a chip.
protocol ReaderFunction: USBFunction {
  var host: HostedChip { get set }

  /// Leaves an answer where only the host's reading takes it away.
  mutating func addLateAnswer()
}

/// The readers there are.
public enum ReaderModel: String, Sendable, CaseIterable {
  /// ACS ACR122U: a PN532 behind a CCID interface.
  case acr122u
  /// SCM SCL3711: a PN533 with its frames in bulk transfers.
  case pn533

  /// The libnfc driver that drives it.
  public var driver: String {
    switch self {
    case .acr122u: "acr122_usb"
    case .pn533: "pn53x_usb"
    }
  }

  public var description: DeviceDescription {
    switch self {
    case .acr122u: ACR122U.deviceDescription
    case .pn533: PN533Stick.deviceDescription
    }
  }

  func function(serialNumber: String?, timing: Timing) -> sending any USBFunction {
    switch self {
    case .acr122u: ACR122U(serialNumber: serialNumber, timing: timing)
    case .pn533: PN533Stick(serialNumber: serialNumber, timing: timing)
    }
  }
}

/// Transfers that wait at a bulk endpoint for the host to fetch them.
struct OutgoingTransfers {
  /// A device that is never read keeps the latest only.
  static let limit = 16
  private var waiting: [[UInt8]] = []
  /// Whether what waits is in the endpoint's own memory, where only reading takes it away.
  private var isKept = false

  mutating func append(_ transfer: [UInt8]) {
    if waiting.count == Self.limit { waiting.removeFirst() }
    waiting.append(transfer)
  }

  /// From now on nothing is forgotten but without power.
  mutating func appendLate(_ transfer: [UInt8]) {
    isKept = true
    append(transfer)
  }

  mutating func next() -> [UInt8]? { waiting.isEmpty ? nil : waiting.removeFirst() }
  mutating func discard() { if !isKept { waiting = [] } }

  mutating func loseSupply() {
    waiting = []
    isKept = false
  }
}
