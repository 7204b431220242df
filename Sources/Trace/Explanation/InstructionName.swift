/// Names of instructions.
enum InstructionName {
  /// The name in ISO/IEC 7816-4, -8 and -9. Nil for an instruction that they do not have.
  static func iso7816(_ instruction: UInt8) -> String? {
    switch instruction {
    case 0x04: "DEACTIVATE FILE"
    case 0x0E, 0x0F: "ERASE BINARY"
    case 0x20, 0x21: "VERIFY"
    case 0x22: "MANAGE SECURITY ENVIRONMENT"
    case 0x24, 0x25: "CHANGE REFERENCE DATA"
    case 0x26: "DISABLE VERIFICATION REQUIREMENT"
    case 0x28: "ENABLE VERIFICATION REQUIREMENT"
    case 0x2A, 0x2B: "PERFORM SECURITY OPERATION"
    case 0x2C, 0x2D: "RESET RETRY COUNTER"
    case 0x44: "ACTIVATE FILE"
    case 0x46, 0x47: "GENERATE ASYMMETRIC KEY PAIR"
    case 0x70: "MANAGE CHANNEL"
    case 0x82: "EXTERNAL AUTHENTICATE"
    case 0x84: "GET CHALLENGE"
    case 0x86, 0x87: "GENERAL AUTHENTICATE"
    case 0x88: "INTERNAL AUTHENTICATE"
    case 0xA0, 0xA1: "SEARCH BINARY"
    case 0xA2: "SEARCH RECORD"
    case 0xA4: "SELECT"
    default: isoDataName(instruction)
    }
  }

  private static func isoDataName(_ instruction: UInt8) -> String? {
    switch instruction {
    case 0xB0, 0xB1: "READ BINARY"
    case 0xB2, 0xB3: "READ RECORD"
    case 0xC0: "GET RESPONSE"
    case 0xC2, 0xC3: "ENVELOPE"
    case 0xCA, 0xCB: "GET DATA"
    case 0xD0, 0xD1: "WRITE BINARY"
    case 0xD2: "WRITE RECORD"
    case 0xD6, 0xD7: "UPDATE BINARY"
    case 0xDA, 0xDB: "PUT DATA"
    case 0xDC, 0xDD: "UPDATE RECORD"
    case 0xE0: "CREATE FILE"
    case 0xE2: "APPEND RECORD"
    case 0xE4: "DELETE FILE"
    case 0xE6: "TERMINATE DF"
    case 0xE8: "TERMINATE EF"
    case 0xFE: "TERMINATE CARD USAGE"
    default: nil
    }
  }

  /// The name in the OATH application (YKOATH).
  static func oath(_ instruction: UInt8) -> String? {
    switch instruction {
    case 0x01: "PUT"
    case 0x02: "DELETE"
    case 0x03: "SET CODE"
    case 0x04: "RESET"
    case 0x05: "RENAME"
    case 0xA1: "LIST"
    case 0xA2: "CALCULATE"
    case 0xA3: "VALIDATE"
    case 0xA4: "CALCULATE ALL"
    case 0xA5: "SEND REMAINING"
    default: nil
    }
  }
}
