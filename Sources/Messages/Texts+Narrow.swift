extension Texts {
  /// English in 16 columns of ASCII, for displays whose characters are in their ROM.
  ///
  /// For Korean and Hindi too: the ROM has Latin and katakana only. Our own words are English there,
  /// as on most card terminals, since romanised Korean or Hindi sentences take readers longer than
  /// plain English; names in a transaction are romanised (`LatinText`), since they cannot be translated.
  static let narrow = Texts(
    language: .english,
    screens: Screens(
      restricted: Heading("Out of service", "Ask our staff"),
      readerLost: Heading("No card reader", "Please wait"),
      idle: Heading("Smart OTP", "Tap your card"),
      idleWithoutCenter: Heading("No connection", "Try again later"),
      idleForPlainCodes: Heading(
        "No connection", "Tap: plain code"),
      tapCard: Heading("New transaction", "Tap your card"),
      reading: Heading("Reading card", "Hold it still"),
      transaction: Heading("Please check", "OK? Tap again"),
      plainCode: Heading(
        "Plain code only", "OK? Tap again"),
      making: Heading("Making code", "Hold it still"),
      code: Heading("Your code", "Tell it to none"),
      codeWithoutTransaction: Heading(
        "Plain code", "No transaction")),
    notices: Notices(
      cardGone: "Card left early",
      otherCard: "Different card",
      notSmartOTP: "Not a Smart OTP",
      notRegistered: "Unknown card",
      severalCards: "One card only",
      noPlainCode: "No plain code",
      faultyCard: "Card error",
      centerUnreachable: "No connection",
      transactionClosed: "Already closed",
      cardLost: "Reported lost",
      cardLocked: "Card is locked",
      refused: "Request refused",
      nothingPending: "Nothing to do",
      timedOut: "Time is over",
      cancelled: "Cancelled",
      closed: "Transaction over",
      readerLost: "No card reader"),
    restrictions: Restrictions(
      deviceNotRegistered: "Not registered",
      copiedState: "Register again",
      stateUnreadable: "Data unreadable",
      stateExposed: "Data not private",
      readerForbidden: "Reader forbidden",
      installationAltered: "Program altered",
      platformTooOld: "System too old"),
    kinds: Kinds(
      transfer: "Transfer", certificateReissue: "Cert. reissue", login: "Login",
      other: "Transaction"),
    labels: Labels(institution: "Bank", card: "Card", kind: "Type", page: "Page", cancel: "Cancel"),
    secondsLeft: SecondsLeft(one: " s left", other: " s left"))
}
