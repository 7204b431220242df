/// Why a certificate was revoked (RFC 5280, 5.3.1).
public enum RevocationReason: UInt8, CaseIterable, Sendable {
  case unspecified = 0
  case keyCompromise = 1
  case authorityCompromise = 2
  case affiliationChanged = 3
  case superseded = 4
  case cessationOfOperation = 5
  case certificateHold = 6
  case privilegeWithdrawn = 9
  case attributeAuthorityCompromise = 10
}

/// One certificate's revocation, as a list carries it.
public struct Revocation: Hashable, Sendable {
  /// As in `Certificate.serial`.
  public let serial: [UInt8]
  /// Since when, in Unix seconds.
  public let date: Int64
  /// Nil where the list gives none, or one that is not known here.
  public let reason: RevocationReason?

  public init(serial: [UInt8], date: Int64, reason: RevocationReason? = nil) {
    self.serial = serial
    self.date = date
    self.reason = reason
  }
}
