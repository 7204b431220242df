/// When a certificate may be used, both ends included, in seconds since 1970 (UTC).
public struct Validity: Hashable, Sendable {
  public let notBefore: Int64
  public let notAfter: Int64

  public init(notBefore: Int64, notAfter: Int64) {
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  public func contains(_ unixSeconds: Int64) -> Bool {
    notBefore <= unixSeconds && unixSeconds <= notAfter
  }
}
