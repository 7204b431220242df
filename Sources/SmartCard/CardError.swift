/// Why an exchange with a card did not end in an answer.
public struct CardError: Error, Hashable, Sendable {
  public var reason: Reason
  /// Whether the card may have executed the command. A command that changes the card (a HOTP
  /// code, say) is repeated only when this is false.
  public var commandMayHaveRun: Bool

  /// - Parameter commandMayHaveRun: true unless it is certain that the card did not get the
  ///   command. For reasons that say so themselves (`replaced`, `commandNotEncodable`) it is
  ///   false whatever is passed.
  public init(_ reason: Reason, commandMayHaveRun: Bool = true) {
    self.reason = reason
    self.commandMayHaveRun = commandMayHaveRun && !reason.excludesExecution
  }

  /// What happened.
  public enum Reason: Hashable, Sendable {
    /// No card in the field any more.
    case removed
    /// Another card answered than the one we spoke to.
    case replaced
    /// The card kept silent longer than it may.
    case timedOut
    /// The radio exchange failed; the chip's status byte as it gave it.
    case transmission(chipStatus: UInt8)
    /// The card broke ISO/IEC 14443-4 or 7816-4.
    case protocolViolation(ProtocolViolation)
    /// The reader failed.
    case reader(ReaderFault)
    /// The caller's deadline passed.
    case deadlinePassed
    /// The card's answer is no response APDU.
    case malformedResponse(APDUError)
    /// The command has no encoding this card accepts; nothing was sent.
    case commandNotEncodable(APDUError)

    var excludesExecution: Bool {
      switch self {
      case .replaced, .commandNotEncodable: true
      default: false
      }
    }
  }

  /// How a card broke the rules.
  public enum ProtocolViolation: Hashable, Sendable {
    /// The chip says so; its status byte.
    case chipStatus(UInt8)
    /// 61xx without end: more rounds or bytes than any answer needs.
    case endlessChain
    /// 6Cxx again, after the command was repeated with the length the card asked for.
    case repeatedWrongLength
    /// The card answered a part of a command chain as if it were the whole command.
    case brokenCommandChain
    /// The answer is longer than any answer may be.
    case answerTooLong
  }

  /// Whether activating the card again and starting over may help.
  public var isTransient: Bool {
    switch reason {
    case .removed, .timedOut, .transmission, .malformedResponse: true
    case .protocolViolation(.chipStatus): true
    case .reader(let fault): fault.isTransient
    case .replaced, .deadlinePassed, .commandNotEncodable, .protocolViolation: false
    }
  }

  /// What happened and what to do, in one line.
  public var explanation: StaticString {
    switch reason {
    case .removed: "the card left the reader too early; hold it still until the code appears"
    case .replaced: "another card is on the reader; tap the card you began with"
    case .timedOut: "the card did not answer in time; lay it flat on the reader and try again"
    case .transmission: "the radio exchange was disturbed; lay the card flat and try again"
    case .protocolViolation(let violation): violation.explanation
    case .reader(let fault): fault.explanation
    case .deadlinePassed: "time ran out before the card had answered; try again"
    case .malformedResponse: "the card's answer was cut off; try again"
    case .commandNotEncodable: "the command is too long for this card; use another card"
    }
  }
}

extension CardError.ProtocolViolation {
  var explanation: StaticString {
    switch self {
    case .chipStatus: "the card and the reader lost step; lift the card and tap again"
    case .endlessChain: "the card's answer has no end; this card cannot be used"
    case .repeatedWrongLength: "the card contradicts itself about lengths; this card cannot be used"
    case .brokenCommandChain: "the card does not take long commands; use another card"
    case .answerTooLong: "the card's answer is too long; this card cannot be used"
    }
  }
}

#if !hasFeature(Embedded)
  extension CardError: CustomStringConvertible {
    /// The explanation, with the number that came with the reason.
    public var description: String {
      guard let detail else { return "\(explanation)" }
      return "\(explanation) (\(detail))"
    }

    private var detail: String? {
      switch reason {
      case .transmission(let status), .protocolViolation(.chipStatus(let status)),
        .reader(.chip(let status)):
        "chip status \(Hexadecimal.text([status]))"
      case .reader(.line(let code)) where code != 0: "error \(code)"
      case .reader(.driverKilled(let signal)): "signal \(signal)"
      case .reader(.driverExited(let status)): "exit status \(status)"
      default: nil
      }
    }
  }
#endif
