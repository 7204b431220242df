import CLinux

/// Names of keys and buttons as linux/input-event-codes.h has them: those that stand on keypads and on
/// cases. Any other is given by its number.
enum KeyName {
  /// - Returns: the code; nil for a name that is not known.
  static func code(_ name: String) -> UInt16? {
    if let code = table[name] { return UInt16(exactly: code) }
    return UInt16(name)
  }

  private static let table: [String: Int32] = [
    "KEY_ESC": KEY_ESC, "KEY_CANCEL": KEY_CANCEL, "KEY_ENTER": KEY_ENTER,
    "KEY_BACKSPACE": KEY_BACKSPACE, "KEY_DELETE": KEY_DELETE, "KEY_CLEAR": KEY_CLEAR,
    "KEY_SPACE": KEY_SPACE, "KEY_TAB": KEY_TAB, "KEY_STOP": KEY_STOP, "KEY_EXIT": KEY_EXIT,
    "KEY_BACK": KEY_BACK, "KEY_HOME": KEY_HOME, "KEY_END": KEY_END, "KEY_UP": KEY_UP,
    "KEY_DOWN": KEY_DOWN, "KEY_LEFT": KEY_LEFT, "KEY_RIGHT": KEY_RIGHT, "KEY_POWER": KEY_POWER,
    "KEY_OK": KEY_OK, "KEY_SELECT": KEY_SELECT, "KEY_MENU": KEY_MENU, "KEY_HELP": KEY_HELP,
    "KEY_0": KEY_0, "KEY_1": KEY_1, "KEY_2": KEY_2, "KEY_3": KEY_3, "KEY_4": KEY_4, "KEY_5": KEY_5,
    "KEY_6": KEY_6, "KEY_7": KEY_7, "KEY_8": KEY_8, "KEY_9": KEY_9, "KEY_C": KEY_C, "KEY_N": KEY_N,
    "KEY_KP0": KEY_KP0, "KEY_KP1": KEY_KP1, "KEY_KP2": KEY_KP2, "KEY_KP3": KEY_KP3,
    "KEY_KP4": KEY_KP4, "KEY_KP5": KEY_KP5, "KEY_KP6": KEY_KP6, "KEY_KP7": KEY_KP7,
    "KEY_KP8": KEY_KP8, "KEY_KP9": KEY_KP9, "KEY_KPDOT": KEY_KPDOT, "KEY_KPENTER": KEY_KPENTER,
    "KEY_KPPLUS": KEY_KPPLUS, "KEY_KPMINUS": KEY_KPMINUS, "KEY_KPSLASH": KEY_KPSLASH,
    "KEY_KPASTERISK": KEY_KPASTERISK, "KEY_NUMERIC_STAR": KEY_NUMERIC_STAR,
    "KEY_NUMERIC_POUND": KEY_NUMERIC_POUND, "KEY_F1": KEY_F1, "KEY_F2": KEY_F2, "KEY_F3": KEY_F3,
    "KEY_F4": KEY_F4, "KEY_PROG1": KEY_PROG1, "KEY_PROG2": KEY_PROG2, "BTN_0": BTN_0,
    "BTN_1": BTN_1, "BTN_2": BTN_2, "BTN_3": BTN_3, "BTN_TRIGGER_HAPPY": BTN_TRIGGER_HAPPY,
  ]
}
