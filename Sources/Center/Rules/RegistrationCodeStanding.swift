import SmartOTP

/// What decides about a one-time registration code.
public struct RegistrationCodeStanding: Hashable, Sendable {
  public let purpose: RegistrationCodeRequest.Purpose
  public let isForThisCard: Bool
  public let isUsed: Bool
  public let expiresAt: UnixTime

  public init(
    purpose: RegistrationCodeRequest.Purpose, isForThisCard: Bool, isUsed: Bool,
    expiresAt: UnixTime
  ) {
    self.purpose = purpose
    self.isForThisCard = isForThisCard
    self.isUsed = isUsed
    self.expiresAt = expiresAt
  }

  /// Whether it registers a device at `now`. The reason is not told to whoever may be guessing.
  public func registersDevice(at now: UnixTime) -> Bool {
    purpose == .device && !isUsed && now < expiresAt
  }

  /// Whether it puts this card on a device at `now`.
  public func registersCard(at now: UnixTime) -> Bool {
    purpose == .card && isForThisCard && !isUsed && now < expiresAt
  }
}
