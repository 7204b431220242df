/// Why the centre did not do what it was asked.
public enum CenterServiceError: Error, Hashable, Sendable {
  /// It said no.
  case refused(Refusal)
  /// There is no connection to it; the reason, as the system gives it.
  case unreachable(String)
  /// It did not answer in time. What was asked may have been done.
  case timedOut
  /// The connection broke off before the whole answer was there. What was asked may have been done.
  case interrupted(String)
  /// The two sides do not accept each other's certificate or protocol.
  case tlsRefused(TLSRefusal)
  /// Something answers there, but not a Smart OTP centre; what it said.
  case notACenter(String)
  /// The centre's answer breaks the protocol; where.
  case malformedAnswer(String)
  /// The caller was cancelled.
  case cancelled
}

/// Why a TLS handshake failed.
public enum TLSRefusal: Hashable, Sendable {
  /// The centre's certificate does not lead to the authority that is trusted here, or is out of date.
  case centerNotTrusted
  /// The centre's certificate is for another host name.
  case centerNameMismatch
  /// The centre takes no certificate of this kind: unknown authority, or not well-formed.
  case identityNotAccepted
  case identityExpired
  case identityRevoked
  /// Not TLS 1.3.
  case protocolVersion
  case other(String)
}

extension CenterServiceError: CustomStringConvertible {
  /// What failed, why, what to do; one line.
  public var description: String {
    switch self {
    case .refused(let refusal): "the centre refused: \(refusal.detail)"
    case .unreachable(let reason):
      "the centre cannot be reached (\(reason)); check its address and the network"
    case .timedOut: "the centre did not answer in time; try again"
    case .interrupted(let reason): "the connection to the centre broke off (\(reason)); try again"
    case .tlsRefused(let refusal): refusal.description
    case .notACenter(let what):
      "what answers there is not a Smart OTP centre (\(what)); check the address"
    case .malformedAnswer(let place):
      "the centre's answer makes no sense (\(place)); do both sides have the same version?"
    case .cancelled: "interrupted"
    }
  }

  /// Whether the same request may succeed a little later without anybody doing anything.
  public var mayPass: Bool {
    switch self {
    case .refused(let refusal):
      refusal.code == .unavailable || refusal.code == .rateLimited
        || refusal.code == .internalError
    case .unreachable, .timedOut, .interrupted: true
    case .tlsRefused, .notACenter, .malformedAnswer, .cancelled: false
    }
  }
}

extension TLSRefusal: CustomStringConvertible {
  public var description: String {
    switch self {
    case .centerNotTrusted:
      "the centre's certificate is not one of the authority given here, or not valid at this time; check --ca, the address and this machine's clock"
    case .centerNameMismatch:
      "the centre's certificate is for another host name; use the name it was made for"
    case .identityNotAccepted:
      "the centre does not accept this identity's certificate; it is from another centre"
    case .identityExpired: "this identity's certificate has expired; get a new one"
    case .identityRevoked: "this identity's certificate was revoked; get a new one"
    case .protocolVersion: "the other side does not speak TLS 1.3; check the address"
    case .other(let reason): "no secure connection to the centre (\(reason))"
    }
  }
}
