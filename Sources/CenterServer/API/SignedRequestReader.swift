import Center
import SmartOTP

/// Reads what a customer signed with an accredited certificate (S3).
protocol SignedRequestReader: Sendable {
  /// - Throws: `signatureMalformed`, `signatureInvalid`, a reason against the signer's certificate,
  ///   `requestStale` or `requestFromFuture`.
  func read(
    _ message: SignedRegistrationRequest, at now: UnixTime
  ) throws(Refusal) -> (OnlineRegistrationRequest, Signer)
}
