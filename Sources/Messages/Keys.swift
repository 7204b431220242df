import Appliance

extension Notice {
  /// A stable name for programs, such as `card-several`.
  public var key: String {
    switch self {
    case .card(let trouble): "card-" + Self.kebab(trouble.rawValue)
    case .center(let trouble): "center-" + Self.kebab(trouble.rawValue)
    case .nothingPending: "nothing-pending"
    case .timedOut: "timed-out"
    case .cancelled: "cancelled"
    case .closed: "closed"
    case .readerLost: "reader-lost"
    }
  }

  /// `otherCard` and `notSmartOTP` as `other-card` and `not-smart-otp`.
  private static func kebab(_ name: String) -> String {
    var result = ""
    var previousWasUpper = true
    for character in name {
      if character.isUppercase && !previousWasUpper { result += "-" }
      result += character.lowercased()
      previousWasUpper = character.isUppercase
    }
    return result
  }
}

extension Picture {
  /// A stable name of what is shown, for programs: the phase's, where it has one.
  public var key: String {
    switch content {
    case .blank: "blank"
    case .code: ApplianceStatus.Phase.showing.rawValue
    case .screen(let screen): screen.key
    }
  }
}

extension Screen {
  fileprivate var key: String {
    switch self {
    case .restricted: ApplianceStatus.Phase.restricted.rawValue
    case .readerLost: ApplianceStatus.Phase.readerLost.rawValue
    case .idle(let centerIsThere):
      centerIsThere ? ApplianceStatus.Phase.idle.rawValue : "idle-without-center"
    case .tapCard: ApplianceStatus.Phase.awaitingCard.rawValue
    case .reading: ApplianceStatus.Phase.identifying.rawValue
    case .transaction: ApplianceStatus.Phase.presenting.rawValue
    case .making: ApplianceStatus.Phase.generating.rawValue
    }
  }
}
