extension Texts {
  static let english = Texts(
    language: .english,
    screens: Screens(
      restricted: Heading("This service is not available", "Please ask our staff."),
      readerLost: Heading(
        "The card reader is not available",
        "Please wait a moment. If this does not change, please ask our staff."),
      idle: Heading("Smart OTP", "Please tap your card on the reader."),
      idleWithoutCenter: Heading(
        "No connection to the authentication centre", "Please try again in a few minutes."),
      idleForPlainCodes: Heading(
        "No connection to the authentication centre",
        "Transactions cannot be confirmed now. For a code without a transaction, tap your card."),
      tapCard: Heading(
        "A transaction is waiting for you", "Please tap your card on the reader."),
      reading: Heading("Reading your card", "Please hold the card still."),
      transaction: Heading(
        "Please check this transaction",
        "If it is right, lift your card and tap it again. If not, do not tap; cancel it."),
      plainCode: Heading(
        "A code without a transaction",
        "The authentication centre cannot be reached. This code confirms no transaction. To get it, lift your card and tap it again."
      ),
      making: Heading("Making your one-time password", "Please hold the card still."),
      code: Heading(
        "Your one-time password", "Enter it where your bank asks for it. Tell it to nobody."),
      codeWithoutTransaction: Heading(
        "Your code, for no transaction",
        "It confirms no transaction. Tell it to nobody.")),
    notices: Notices(
      cardGone: "The card was taken away too early. Please tap it again.",
      otherCard: "This is not the card you tapped first. Please tap that card again.",
      notSmartOTP: "This is not a Smart OTP card.",
      notRegistered: "This card is not registered on this device.",
      severalCards: "There is more than one card. Please tap one card only.",
      noPlainCode: "This card makes no codes while the authentication centre cannot be reached.",
      faultyCard: "The card could not be used. Please tap it again, or ask your bank.",
      centerUnreachable: "The authentication centre cannot be reached. Please try again later.",
      transactionClosed: "This transaction is no longer open.",
      cardLost: "This card was reported lost. Please contact your bank.",
      cardLocked: "This card is locked. Please visit the bank that issued it.",
      refused: "The authentication centre refused the request. Please contact your bank.",
      nothingPending: "There is no transaction waiting for this card.",
      timedOut: "The time is over. Please start again.",
      cancelled: "Cancelled.",
      closed: "The transaction has ended.",
      readerLost: "The card reader is not available. Please wait a moment."),
    restrictions: Restrictions(
      deviceNotRegistered: "This device is not registered with the authentication centre.",
      copiedState: "The registration belongs to another device. Register this device again.",
      stateUnreadable: "The stored registration cannot be read.",
      stateExposed: "The stored registration can be read by others.",
      readerForbidden: "The system does not permit the use of the card reader.",
      installationAltered: "The installed program has been altered.",
      platformTooOld: "The system software is too old."),
    kinds: Kinds(
      transfer: "Transfer", certificateReissue: "Certificate reissue", login: "Login",
      other: "Transaction"),
    labels: Labels(
      institution: "Institution", card: "Card", kind: "Type", page: "Page", cancel: "Cancel"),
    secondsLeft: SecondsLeft(one: " second left", other: " seconds left"))
}
