import Appliance

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
    case .idleForPlainCodes: "idle-for-plain-codes"
    case .tapCard: ApplianceStatus.Phase.awaitingCard.rawValue
    case .reading: ApplianceStatus.Phase.identifying.rawValue
    case .transaction, .plainCode: ApplianceStatus.Phase.presenting.rawValue
    case .making: ApplianceStatus.Phase.generating.rawValue
    }
  }
}
