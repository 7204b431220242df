/// A card the chip has activated and remembers under a target number.
struct ActivatedTarget {
  var technology: CardTechnology
  /// How the card was found, to find it again.
  var identifier: [UInt8]
  /// The block protocol's state; nil for a card without it.
  var initiator: BlockInitiator?
  var rate = BitRate.kbit106
  /// Deselected by the host: InSelect or the next exchange wakes it.
  var isAsleep = false
  /// The part of an answer that did not fit the last one.
  var unread: [UInt8] = []
}
