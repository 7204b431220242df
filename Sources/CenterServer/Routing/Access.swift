import SmartOTP

/// Who may use a route.
enum Access: Sendable {
  /// Anybody, with or without a certificate.
  case anyone
  /// A device that has no certificate yet; limited tightly by its address.
  case newcomer
  /// Whoever has a client certificate.
  case certified
  /// Holders of a certificate with one of these roles.
  case roles(Set<Role>)
  /// Operators, and whoever is on the same machine as the listener without TLS.
  case operations

  static let institution = Access.roles([.institution])
  static let device = Access.roles([.device])
  static let `operator` = Access.roles([.operator])
  static let institutionOrOperator = Access.roles([.institution, .operator])
  static let institutionOrDevice = Access.roles([.institution, .device])

  func admits(_ role: Role) -> Bool {
    switch self {
    case .anyone, .newcomer, .certified: true
    case .roles(let roles): roles.contains(role)
    case .operations: role == .operator
    }
  }
}
