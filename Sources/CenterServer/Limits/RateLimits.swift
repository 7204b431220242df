import SmartOTP

/// How often clients may ask.
public struct RateLimits: Hashable, Sendable {
  /// For each institution: its whole banking channel is one client.
  public var institution = RateLimit(perSecond: 10_000, burst: 20_000)
  public var device = RateLimit(perSecond: 10, burst: 60)
  public var `operator` = RateLimit(perSecond: 100, burst: 500)
  /// For each address without a certificate.
  public var anonymous = RateLimit(perSecond: 20, burst: 100)
  /// For each address that registers devices: ten registration codes may be tried a minute.
  public var enrolment = RateLimit.perMinute(10)

  public init() {}
}

/// The limits with everybody's state.
struct RateLimiters: Sendable {
  private let institution: RateLimiter
  private let device: RateLimiter
  private let `operator`: RateLimiter
  private let anonymous: RateLimiter
  private let enrolment: RateLimiter

  init(_ limits: RateLimits) {
    institution = RateLimiter(limits.institution)
    device = RateLimiter(limits.device)
    `operator` = RateLimiter(limits.operator)
    anonymous = RateLimiter(limits.anonymous)
    enrolment = RateLimiter(limits.enrolment)
  }

  /// Nil when the request may go on, otherwise the seconds to wait.
  func take(_ access: Access, peer: Peer?, connection: Connection) -> Double? {
    let now = ContinuousClock.now
    if case .newcomer = access {
      return enrolment.take(Self.network(of: connection.remoteAddress), at: now)
    }
    guard let peer else {
      if case .local = connection.identity { return nil }
      return anonymous.take(Self.network(of: connection.remoteAddress), at: now)
    }
    return limiter(of: peer.role).take(peer.subject, at: now)
  }

  private func limiter(of role: Role) -> RateLimiter {
    switch role {
    case .institution: institution
    case .device: device
    case .operator: `operator`
    }
  }

  /// Whoever has one IPv6 address has its whole /64.
  static func network(of address: String) -> String {
    guard address.contains(":"), !address.hasPrefix("::ffff:") else { return address }
    let halves = address.split(separator: ":", omittingEmptySubsequences: false)
    let head = halves.prefix { !$0.isEmpty }
    return head.prefix(4).joined(separator: ":") + "/64"
  }
}
