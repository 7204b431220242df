import SmartCard

/// One reader as programs see it. Calls one at a time; every call answers by its deadline plus
/// 10 ms, whatever reader, card or driver do.
public protocol ReaderConnection: Sendable {
  var state: ReaderState { get }

  /// What opening found out; nil while the reader is not open.
  var information: ReaderInformation? { get }

  /// Opens the reader. Later calls open it again by themselves when it was lost.
  func open(deadline: ContinuousClock.Instant) async throws(ReaderError)

  /// Waits for one ISO-DEP card and activates it. Waits through passing faults of reader, line and
  /// driver.
  ///
  /// - Parameter uid: of a Type A card that is likely to come, because it was here before. It is
  ///   activated faster then; any other card is still reported.
  /// - Throws: `.noCard` at the deadline; `.severalCards`, `.unsuitableCard` or `.malformedCard` at
  ///   once, when that is what lies on the reader.
  func awaitCard(
    expecting uid: [UInt8]?, deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard

  /// Cards as they enter and leave, until the deadline or until the stream's consumer stops. A reader
  /// that was open and is lost is waited for; with it went whatever cards were there. The last
  /// element tells why it ended, if not for the deadline.
  func cardEvents(until deadline: ContinuousClock.Instant) -> AsyncStream<CardEvent>

  /// Ends whatever is under way and hands the reader back. May be called again.
  func close() async
}

extension ReaderConnection {
  /// Waits for any card.
  public func awaitCard(
    deadline: ContinuousClock.Instant
  ) async throws(ReaderError) -> any ActivatedCard {
    try await awaitCard(expecting: nil, deadline: deadline)
  }
}

/// A card that takes APDUs.
public protocol ActivatedCard: CardChannel {
  /// Lets go of the card. It must leave the field, or be activated again, before it answers.
  func release()
}

/// States of a connection.
public enum ReaderState: Hashable, Sendable {
  case closed
  case opening
  case idle
  /// Looking for cards.
  case polling
  /// A card is activated and takes APDUs.
  case selected
  /// Out of order; the next call tries to get it back.
  case lost(ReaderError)
}

/// A reader as it described itself when it was opened.
public struct ReaderInformation: Hashable, Sendable {
  public var connstring: String
  /// libnfc's name for the device.
  public var name: String
  /// The chip, such as `PN532 1.6`.
  public var chip: String
  public var supportsTypeB: Bool
  /// The serial line's speed in bits a second; nil where there is no serial line.
  public var lineSpeed: UInt32?

  public init(
    connstring: String, name: String, chip: String, supportsTypeB: Bool, lineSpeed: UInt32?
  ) {
    self.connstring = connstring
    self.name = name
    self.chip = chip
    self.supportsTypeB = supportsTypeB
    self.lineSpeed = lineSpeed
  }
}

/// What happens on a reader.
public enum CardEvent: Hashable, Sendable {
  /// The cards now in the field: one, or several that lie there together.
  case entered([Activation])
  /// A card whose activation data break the standard; what is wrong with them.
  case malformedCardEntered(String)
  case left
  /// For 300 ms a reader that works has found nothing, at every look; also at the beginning. Unlike
  /// the lack of events it cannot be brought about by a fault of line or reader.
  case clear
  /// The reader does not work or is not there any more. It is tried until it is back.
  case readerLost(ReaderError)
  case readerBack
  case failed(ReaderError)
}
