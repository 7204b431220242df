extension StatusWord {
  /// What the status word means, as a phrase (ISO/IEC 7816-4, 5.6, tables 5 to 7).
  public var explanation: StaticString {
    switch sw1 {
    case 0x61: "success, more bytes to fetch"
    case 0x62: warningUnchanged
    case 0x63: warningChangedState
    case 0x64: executionError
    case 0x65: memoryError
    case 0x66: "security problem in the card"
    case 0x67: "wrong length"
    case 0x68: classFunctionError
    case 0x69: notAllowedError
    case 0x6A: parameterError
    case 0x6B: "wrong parameters P1-P2"
    case 0x6C: "wrong expected length"
    case 0x6D: "instruction not supported"
    case 0x6E: "class not supported"
    case 0x6F: "the card failed without saying why"
    case 0x90: sw2 == 0 ? "success" : "status word outside ISO/IEC 7816-4"
    default: "status word outside ISO/IEC 7816-4"
    }
  }

  private var warningUnchanged: StaticString {
    switch sw2 {
    case 0x02...0x80: "warning, the card has a message of its own to be fetched"
    case 0x81: "warning, part of the returned data may be corrupted"
    case 0x82: "warning, the end of the file or record came first"
    case 0x83: "warning, the selected file or application is deactivated"
    case 0x84: "warning, control information is badly formatted"
    case 0x85: "warning, the selected file is terminated"
    case 0x86: "warning, no data from a sensor on the card"
    case 0x87: "warning, at least one referenced record is deactivated"
    default: "warning, memory on the card unchanged"
    }
  }

  private var warningChangedState: StaticString {
    switch sw2 {
    case 0x81: "warning, the file is full"
    case 0xC0: "wrong secret, no tries left"
    case 0xC1...0xCF: "wrong secret, tries left"
    default: "warning, memory on the card changed"
    }
  }

  private var executionError: StaticString {
    switch sw2 {
    case 0x01: "the card needs an immediate answer"
    case 0x02...0x80: "aborted, the card has a message of its own to be fetched"
    case 0x81: "logical channel shared access denied"
    case 0x82: "logical channel opening denied"
    default: "execution failed, memory on the card unchanged"
    }
  }

  private var memoryError: StaticString {
    sw2 == 0x81 ? "memory failure in the card" : "execution failed, memory on the card changed"
  }

  private var classFunctionError: StaticString {
    switch sw2 {
    case 0x81: "logical channel not supported"
    case 0x82: "secure messaging not supported"
    case 0x83: "last command of the chain expected"
    case 0x84: "command chaining not supported"
    default: "function in the class byte not supported"
    }
  }

  private var notAllowedError: StaticString {
    switch sw2 {
    case 0x81: "command incompatible with file structure"
    case 0x82: "security status not satisfied, authenticate first"
    case 0x83: "authentication method blocked"
    case 0x84: "reference data not usable"
    case 0x85: "conditions of use not satisfied"
    case 0x86: "command not allowed"
    case 0x87: "secure messaging data missing"
    case 0x88: "secure messaging data incorrect"
    default: "command not allowed"
    }
  }

  private var parameterError: StaticString {
    switch sw2 {
    case 0x80: "incorrect parameters in the command data"
    case 0x81: "function not supported"
    case 0x82: "file or application not found"
    case 0x83: "record not found"
    case 0x84: "not enough memory in the card"
    case 0x85: "command length inconsistent with its structure"
    case 0x86: "incorrect parameters P1-P2"
    case 0x87: "command length inconsistent with P1-P2"
    case 0x88: "referenced data not found"
    case 0x89: "file already exists"
    case 0x8A: "name already exists"
    default: "wrong parameters"
    }
  }
}
