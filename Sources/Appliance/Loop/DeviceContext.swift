import DeviceIdentity
import SmartOTP

/// Who the appliance is while it is registered: its cards, and its line to the centre.
public struct DeviceContext: Sendable {
  public let state: DeviceState
  public let center: any CenterService
  /// The cards on this device. One that the centre withdraws goes from here and from the disk.
  public var cards: [StoredCard]

  /// - Throws: what reading the cards fails with.
  public init(state: DeviceState, center: any CenterService) throws(DeviceIdentityError) {
    self.state = state
    self.center = center
    cards = try state.cards()
  }
}
