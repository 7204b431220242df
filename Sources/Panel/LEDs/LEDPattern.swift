import Appliance

/// What one light does.
enum LEDPattern: Hashable {
  case off
  case on
  /// By the kernel's timer: on and off for so many milliseconds each.
  case blinking(milliseconds: Int)

  static let slow = blinking(milliseconds: 500)
  static let fast = blinking(milliseconds: 100)
}

/// The three lights.
///
/// | shown | ready | busy | fault |
/// |---|---|---|---|
/// | idle | on | | |
/// | idle without the centre | | | slow |
/// | the same, with plain codes to be had | on | | slow |
/// | a card or a tap is awaited | slow | | |
/// | at work | | fast | |
/// | a code | on | on | |
/// | restricted, no reader | | | on |
/// | beside a notice of something wrong | | | fast |
struct LEDPatterns: Hashable {
  var ready = LEDPattern.off
  var busy = LEDPattern.off
  var fault = LEDPattern.off

  init(_ picture: Picture) {
    switch picture.content {
    case .blank: return
    case .code: (ready, busy) = (.on, .on)
    case .screen(let screen): set(screen)
    }
    if fault == .off, picture.notice?.isTrouble == true { fault = .fast }
  }

  private mutating func set(_ screen: Screen) {
    switch screen {
    case .restricted, .readerLost: fault = .on
    case .idle(let centerIsThere):
      if centerIsThere { ready = .on } else { fault = .slow }
    case .idleForPlainCodes: (ready, fault) = (.on, .slow)
    case .tapCard, .transaction, .plainCode: ready = .slow
    case .reading, .making: busy = .fast
    }
  }
}

extension Notice {
  fileprivate var isTrouble: Bool {
    switch self {
    case .card, .center, .readerLost: true
    case .nothingPending, .timedOut, .cancelled, .closed: false
    }
  }
}
