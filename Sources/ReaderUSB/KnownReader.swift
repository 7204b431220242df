/// A product users attach as an NFC reader, and what is known about it.
public struct KnownReader: Hashable, Sendable {
  public var identifier: USBIdentifier
  public var name: String
  public var chip: Chip
  public var access: Access
  public var quirks: ReaderQuirks
  /// The kernel's own driver that takes the device when its module is not kept away; for bridges,
  /// the driver that makes the serial port.
  public var kernelDriver: String?

  /// What does the reader's work.
  public enum Chip: String, Hashable, Sendable {
    case pn531 = "PN531"
    case pn532 = "PN532"
    case pn533 = "PN533"
    /// A serial bridge; a PN532 may be behind it, or anything else.
    case unknown = "any"
    /// A chip that libnfc has no driver for.
    case other = "other"
  }

  /// How a program reaches it.
  public enum Access: Hashable, Sendable {
    /// By this libnfc driver, over USB.
    case libnfc(driver: String)
    /// As a serial port, by libnfc's driver for a PN532 behind one.
    case serialBridge
    /// Not at all through libnfc; what else it is good for.
    case none(String)
  }

  /// Whether it is a reader for certain and libnfc drives it.
  public var isDrivable: Bool {
    if case .libnfc = access { true } else { false }
  }

  public var isSerialBridge: Bool { access == .serialBridge }
}

/// Behaviour of a reader that a program must know about; each from the threads and sources named in
/// Hardware/readers.md.
public struct ReaderQuirks: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A USB reset does no harm and revives the reader sometimes. Without this it must never be sent:
  /// a PN533 can lose its USB descriptors by it, and is back only after unplugging.
  public static let mayReset = ReaderQuirks(rawValue: 1 << 0)
  /// Works once only when its chip is powered down at the end.
  public static let leavePowered = ReaderQuirks(rawValue: 1 << 1)
  /// Does not wake up from USB autosuspend.
  public static let noAutosuspend = ReaderQuirks(rawValue: 1 << 2)
  /// After an interrupted exchange the next answer may be the one before: read it away first.
  public static let lateAnswers = ReaderQuirks(rawValue: 1 << 3)
  /// Long commands overwrite the USB descriptors in the chip's memory until they are restored.
  public static let fragileDescriptors = ReaderQuirks(rawValue: 1 << 4)
  /// An APDU must fit one pseudo-APDU of 255 bytes.
  public static let shortFrames = ReaderQuirks(rawValue: 1 << 5)
  /// Lights, buzzer and its own polling stay as the last program left them.
  public static let keepsSettings = ReaderQuirks(rawValue: 1 << 6)
  /// Sees no Type B cards.
  public static let noTypeB = ReaderQuirks(rawValue: 1 << 7)
  /// Several of them may carry the same serial number, or none: tell them apart by their port.
  public static let sharedSerial = ReaderQuirks(rawValue: 1 << 8)
  /// The number belongs to another product too.
  public static let sharedIdentifier = ReaderQuirks(rawValue: 1 << 9)
}

extension ReaderQuirks {
  /// Each quirk's name and meaning, in the order of the table in Hardware/readers.md.
  public static let explanations: [(quirk: ReaderQuirks, name: String, meaning: String)] = [
    (.mayReset, "may-reset", "a USB reset is harmless, and revives it now and then"),
    (.leavePowered, "leave-powered", "works once only when its chip is powered down at close"),
    (.noAutosuspend, "no-autosuspend", "does not wake up from USB autosuspend"),
    (.lateAnswers, "late-answers", "answers may come one command late after an interruption"),
    (
      .fragileDescriptors, "fragile-descriptors",
      "long commands or a reset can lose its USB descriptors until it is replugged"
    ),
    (.shortFrames, "short-frames", "an APDU must fit a pseudo-APDU of 255 bytes"),
    (.keepsSettings, "keeps-settings", "lights and buzzer stay as the last program left them"),
    (.noTypeB, "no-type-b", "sees no Type B cards"),
    (.sharedSerial, "shared-serial", "serial numbers repeat or are missing"),
    (.sharedIdentifier, "shared-id", "another product has the same USB number"),
  ]

  public var names: [String] { Self.explanations.filter { contains($0.quirk) }.map(\.name) }
}
