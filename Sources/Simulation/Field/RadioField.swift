/// The reader's field and the cards in it.
struct RadioField {
  let timing: Timing
  private(set) var isOn = false
  private(set) var cards: [ProximityCard] = []
  var faults = FaultQueue<CardFault>()
  private var departures: [(card: any VirtualCard, returnsAfter: Duration?)] = []

  init(timing: Timing) {
    self.timing = timing
  }

  mutating func switchOn() {
    guard !isOn else { return }
    isOn = true
    for index in cards.indices { cards[index].powerUp() }
  }

  mutating func switchOff() {
    isOn = false
  }

  /// Puts a card into the field; one that is already there stays as it is.
  mutating func insert(_ card: any VirtualCard) {
    guard !cards.contains(where: { $0.card === card }) else { return }
    cards.append(ProximityCard(card, pacesComputing: timing.pacesComputing))
  }

  mutating func remove(_ card: any VirtualCard) {
    cards.removeAll { $0.card === card }
  }

  func holds(_ technology: CardTechnology) -> Bool {
    cards.contains { $0.technology == technology }
  }

  /// The answers of all cards, in the order the cards came.
  mutating func transmit(_ frame: AirFrame) -> [AirAnswer] {
    guard isOn else { return [] }
    let answers = cards.indices.compactMap { cards[$0].receive(frame, &faults) }
    for gone in cards where gone.departure != nil {
      departures.append((gone.card, gone.departure?.returnsAfter))
    }
    cards.removeAll { $0.departure != nil }
    return answers
  }

  /// The cards that faults have taken out of the field since this was last asked.
  mutating func takeDepartures() -> [(card: any VirtualCard, returnsAfter: Duration?)] {
    defer { departures = [] }
    return departures
  }
}
