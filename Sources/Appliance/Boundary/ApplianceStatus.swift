import SmartOTP

/// How the appliance is, without any secret.
public struct ApplianceStatus: Hashable, Sendable, Codable {
  public enum Phase: String, CaseIterable, Sendable, Codable {
    case restricted
    case readerLost = "reader-lost"
    case idle
    case awaitingCard = "awaiting-card"
    case identifying
    case presenting
    case generating
    case showing
  }

  public var version: String
  public var phase: Phase
  /// Until the phase ends by itself.
  public var secondsLeft: Int?
  public var transaction: TransactionID?
  /// Transactions that wait their turn.
  public var waiting: Int
  public var impediments: [Impediment]
  public var reader: ReaderCondition
  public var center: CenterCondition
  public var displays: [DisplayCondition]
  public var counters: ApplianceCounters
  /// The newest last, so many at most: `maximumTroubleCount`.
  public var troubles: [Trouble]
  public var uptimeSeconds: Int64

  public static let maximumTroubleCount = 20

  public init(
    version: String, phase: Phase, secondsLeft: Int?, transaction: TransactionID?, waiting: Int,
    impediments: [Impediment], reader: ReaderCondition, center: CenterCondition,
    displays: [DisplayCondition], counters: ApplianceCounters, troubles: [Trouble],
    uptimeSeconds: Int64
  ) {
    self.version = version
    self.phase = phase
    self.secondsLeft = secondsLeft
    self.transaction = transaction
    self.waiting = waiting
    self.impediments = impediments
    self.reader = reader
    self.center = center
    self.displays = displays
    self.counters = counters
    self.troubles = troubles
    self.uptimeSeconds = uptimeSeconds
  }
}

public struct ReaderCondition: Hashable, Sendable, Codable {
  /// libnfc's name for it; nil while none was found.
  public var connstring: String?
  public var isThere: Bool
  /// The chip and its firmware, such as `PN532 1.6`.
  public var chip: String?
  /// Why it is not there, in one line.
  public var trouble: String?
  public var cardIsThere: Bool

  public init(
    connstring: String? = nil, isThere: Bool = false, chip: String? = nil, trouble: String? = nil,
    cardIsThere: Bool = false
  ) {
    self.connstring = connstring
    self.isThere = isThere
    self.chip = chip
    self.trouble = trouble
    self.cardIsThere = cardIsThere
  }
}

public struct CenterCondition: Hashable, Sendable, Codable {
  /// Host and port; nil when the device is not registered.
  public var address: String?
  public var isThere: Bool
  /// Why it is not there, in one line.
  public var trouble: String?
  public var device: DeviceID?
  public var certificateExpiresAt: UnixTime?

  public init(
    address: String? = nil, isThere: Bool = false, trouble: String? = nil,
    device: DeviceID? = nil, certificateExpiresAt: UnixTime? = nil
  ) {
    self.address = address
    self.isThere = isThere
    self.trouble = trouble
    self.device = device
    self.certificateExpiresAt = certificateExpiresAt
  }
}

public struct DisplayCondition: Hashable, Sendable, Codable {
  public var name: String
  public var works: Bool
  public var trouble: String?

  public init(name: String, works: Bool, trouble: String? = nil) {
    self.name = name
    self.works = works
    self.trouble = trouble
  }
}

/// Counted since the appliance started.
public struct ApplianceCounters: Hashable, Sendable, Codable {
  public var taps: Int64 = 0
  public var codesShown: Int64 = 0
  public var codesFailed: Int64 = 0
  public var transactionsPushed: Int64 = 0
  public var transactionsClaimed: Int64 = 0
  public var transactionsCancelled: Int64 = 0
  public var readerLosses: Int64 = 0
  public var centerLosses: Int64 = 0

  public init() {}
}

/// Something that went wrong, for the technician.
public struct Trouble: Hashable, Sendable, Codable {
  public let time: UnixTime
  public let text: String

  public init(time: UnixTime, text: String) {
    self.time = time
    self.text = text
  }
}

public struct AttachedReaderStatus: Hashable, Sendable, Codable {
  public var connstring: String?
  public var name: String
  /// Such as `1-1.2`; nil where it is not on the USB.
  public var port: String?
  public var isOpen: Bool
  /// What is in the way of using it, in one line.
  public var trouble: String?

  public init(
    connstring: String?, name: String, port: String?, isOpen: Bool, trouble: String? = nil
  ) {
    self.connstring = connstring
    self.name = name
    self.port = port
    self.isOpen = isOpen
    self.trouble = trouble
  }
}
