import Appliance
import SmartOTP

extension Texts {
  /// For displays that show any script: a terminal, a browser.
  public static func full(_ language: Language) -> Texts {
    switch language {
    case .english: english
    case .korean: korean
    case .hindi: hindi
    }
  }

  /// For displays with ASCII alone, each text at most 16 columns; English whatever the language.
  public static var short: Texts { narrow }

  /// For displays with ASCII alone and room for sentences; English whatever the language.
  public static var latin: Texts { english }

  public func heading(of screen: Screen) -> Heading {
    switch screen {
    case .restricted: screens.restricted
    case .readerLost: screens.readerLost
    case .idle(let centerIsThere): centerIsThere ? screens.idle : screens.idleWithoutCenter
    case .idleForPlainCodes: screens.idleForPlainCodes
    case .tapCard: screens.tapCard
    case .reading: screens.reading
    case .transaction: screens.transaction
    case .plainCode: screens.plainCode
    case .making: screens.making
    }
  }

  public func sentence(for notice: Notice) -> String {
    switch notice {
    case .card(let trouble): sentence(for: trouble)
    case .center(let trouble): sentence(for: trouble)
    case .nothingPending: notices.nothingPending
    case .timedOut: notices.timedOut
    case .cancelled: notices.cancelled
    case .closed: notices.closed
    case .readerLost: notices.readerLost
    }
  }

  private func sentence(for trouble: CardTrouble) -> String {
    switch trouble {
    case .gone: notices.cardGone
    case .otherCard: notices.otherCard
    case .notSmartOTP: notices.notSmartOTP
    case .notRegistered: notices.notRegistered
    case .several: notices.severalCards
    case .noPlainCode: notices.noPlainCode
    case .faulty: notices.faultyCard
    }
  }

  private func sentence(for trouble: CenterTrouble) -> String {
    switch trouble {
    case .unreachable: notices.centerUnreachable
    case .closed: notices.transactionClosed
    case .cardLost: notices.cardLost
    case .cardLocked: notices.cardLocked
    case .refused: notices.refused
    }
  }

  public func sentence(for restriction: Restriction) -> String {
    switch restriction {
    case .deviceNotRegistered: restrictions.deviceNotRegistered
    case .copiedState: restrictions.copiedState
    case .stateUnreadable: restrictions.stateUnreadable
    case .stateExposed: restrictions.stateExposed
    case .readerForbidden: restrictions.readerForbidden
    case .installationAltered: restrictions.installationAltered
    case .platformTooOld: restrictions.platformTooOld
    }
  }

  public func name(of kind: TransactionKind) -> String {
    switch kind {
    case .transfer: kinds.transfer
    case .certificateReissue: kinds.certificateReissue
    case .login: kinds.login
    case .other: kinds.other
    }
  }
}
