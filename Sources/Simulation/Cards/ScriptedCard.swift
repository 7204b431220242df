/// A card that answers whatever a closure says: for tests, and for cards nobody should meet.
public final class ScriptedCard: VirtualCard {
  public let activation: CardActivation
  public let extendsWaitingTime: Bool
  private let respond: @Sendable ([UInt8]) -> CardAnswer

  public init(
    activation: CardActivation = .typeA(.isoDEP()), extendsWaitingTime: Bool = true,
    respond: @escaping @Sendable ([UInt8]) -> CardAnswer = { _ in CardAnswer([0x6D, 0x00]) }
  ) {
    self.activation = activation
    self.extendsWaitingTime = extendsWaitingTime
    self.respond = respond
  }

  public func process(_ command: [UInt8]) -> CardAnswer { respond(command) }
}
