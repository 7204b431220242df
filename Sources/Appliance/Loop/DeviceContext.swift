import DeviceIdentity
import SmartOTP

/// Who the appliance is while it is registered: its cards, and its line to the centre.
public struct DeviceContext: Sendable {
  public let center: any CenterService
  /// The cards on this device. One that the centre withdraws goes from here and from the disk.
  public var cards: [StoredCard]
  /// The centre's host and port.
  public var address: String?
  public var device: DeviceID?
  public var certificateExpiresAt: UnixTime?
  /// Removes a card's key from the disk; it may be gone already.
  public var forget: @Sendable (CardIdentity) throws(DeviceIdentityError) -> Void

  /// Keeps a card's language on the disk.
  public var keepLanguage: @Sendable (Language?, CardIdentity) throws(DeviceIdentityError) -> Void =
    { _, _ in }

  public init(
    center: any CenterService, cards: [StoredCard],
    forget: @escaping @Sendable (CardIdentity) throws(DeviceIdentityError) -> Void = { _ in }
  ) {
    self.center = center
    self.cards = cards
    self.forget = forget
  }

  /// - Throws: what reading the cards fails with.
  public init(state: DeviceState, center: any CenterService) throws(DeviceIdentityError) {
    self.init(center: center, cards: try state.cards()) {
      (card) throws(DeviceIdentityError) in try state.remove(card)
    }
    keepLanguage = { (language, card) throws(DeviceIdentityError) in
      try state.setLanguage(language, of: card)
    }
    address = state.record.center
    device = state.record.id
    certificateExpiresAt = state.record.certificateExpiresAt
  }
}
