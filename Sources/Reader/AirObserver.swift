import PN53x
import SmartCard

/// What crossed the air, as far as the host can know: the chip speaks the block protocol itself.
public enum AirEvent: Sendable {
  case activated(Activation)
  case command([UInt8])
  case response([UInt8])
  /// The field was off, or the card is gone: nothing of the last activation holds any more.
  case lost
}

/// Takes air events, in order, from whatever thread the exchange runs on. Must not block.
public struct AirObserver: Sendable {
  public let observe: @Sendable (AirEvent) -> Void
  /// Takes the reader's chip commands, between the air events they led to. Where it is given the
  /// driver reports each command, which costs a message a command; without it, nothing.
  public let observeChip: (@Sendable (ChipExchange) -> Void)?

  public init(
    chip observeChip: (@Sendable (ChipExchange) -> Void)? = nil,
    _ observe: @escaping @Sendable (AirEvent) -> Void
  ) {
    self.observe = observe
    self.observeChip = observeChip
  }

  /// Tells both.
  public init(_ first: AirObserver, _ second: AirObserver) {
    observe = {
      first.observe($0)
      second.observe($0)
    }
    switch (first.observeChip, second.observeChip) {
    case (let one?, let other?):
      observeChip = {
        one($0)
        other($0)
      }
    case (let one, let other): observeChip = one ?? other
    }
  }
}
