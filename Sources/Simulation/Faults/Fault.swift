/// Something that goes wrong, where and when.
///
/// An index counts what it is about (frames of a kind in a direction, commands, APDUs) from 0 and
/// from the moment the fault is armed. A fault happens once, or from then on every time.
public struct Fault: Sendable, Equatable {
  public enum Site: Sendable, Equatable {
    /// A byte of a frame on the line; no kind counts frames of every kind, but not noise.
    case line(LineDirection, kind: FrameKind?, byte: Int, LineFault)
    /// A command as the chip takes it; no code counts all commands.
    case chip(code: UInt8?, ChipFault)
    /// An APDU, or raw frame, as a card takes it.
    case card(CardFault)
  }

  public var site: Site
  public var index: Int
  public var repeats: Bool

  public init(_ site: Site, index: Int = 0, repeats: Bool = false) {
    self.site = site
    self.index = index
    self.repeats = repeats
  }

  public static func line(
    _ direction: LineDirection, frame index: Int, kind: FrameKind? = nil, byte: Int,
    _ fault: LineFault, repeats: Bool = false
  ) -> Fault {
    Fault(.line(direction, kind: kind, byte: byte, fault), index: index, repeats: repeats)
  }

  public static func chip(
    command index: Int, code: UInt8? = nil, _ fault: ChipFault, repeats: Bool = false
  ) -> Fault {
    Fault(.chip(code: code, fault), index: index, repeats: repeats)
  }

  public static func card(apdu index: Int, _ fault: CardFault, repeats: Bool = false) -> Fault {
    Fault(.card(fault), index: index, repeats: repeats)
  }
}

/// What happens to a byte on the line.
public enum LineFault: Sendable, Equatable {
  case drop
  /// Exclusive or with a mask.
  case flip(UInt8)
  /// Foreign bytes before this one.
  case insert([UInt8])
  /// This byte and all behind it come later.
  case hold(Duration)
  /// The frame is delivered in two pieces, the second from this byte.
  case split
  /// From this byte the line is dead both ways, until `heal()`.
  case cut
}

/// What the chip does with a command.
public enum ChipFault: Sendable, Equatable {
  /// Executes it, and reports this status byte and no data.
  case status(UInt8)
  /// Does not execute it, and reports this status byte.
  case refuse(UInt8)
  /// Executes it, and answers this (response code included) instead.
  case answer([UInt8])
  /// Executes it, and answers later.
  case delay(Duration)
  /// Acknowledges it, and never answers.
  case mute
  /// Does not even acknowledge it.
  case ignore
  /// Acknowledges it negatively.
  case negativeAcknowledge
  /// Answers the application level error frame.
  case syntaxError
  /// Loses its supply: settings, targets and field are gone, and it sleeps.
  case reset
}

/// What a card does with an APDU.
public enum CardFault: Sendable, Equatable {
  /// It is pulled before it hears the APDU; it may come back after a while.
  case pullBefore(returnsAfter: Duration? = nil)
  /// It hears and executes the APDU, and is pulled before it answers.
  case pullDuring(returnsAfter: Duration? = nil)
  /// It answers later, asking for time if it is a card that does.
  case late(Duration)
  /// It answers this; nil is silence. It does not execute the APDU.
  case answer([UInt8]?)
  /// It executes the APDU, and its answer carries a node address.
  case nodeAddress(UInt8)
  /// It executes the APDU, and its answer never ends.
  case neverEnds
}
