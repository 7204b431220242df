import SmartOTP

extension OnlineRegistrationRequest {
  /// Why a signed request is not looked at further: its nonce, or its time against the centre's.
  public func refusal(at now: UnixTime) -> Refusal? {
    guard hasValidNonce else {
      return Refusal(.invalidValue, "nonce: 16 to 64 bytes in hex")
    }
    if time > now + Self.freshnessSeconds { return Refusal(.requestFromFuture) }
    if now > time + Self.freshnessSeconds { return Refusal(.requestStale) }
    return nil
  }
}
