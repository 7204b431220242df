/// Names of the PN53x's commands as its manuals have them (UM0701-02, table 12; UM0801-03).
enum ChipCommandName {
  static func name(_ code: UInt8) -> String? {
    switch code {
    case 0x00: "Diagnose"
    case 0x02: "GetFirmwareVersion"
    case 0x04: "GetGeneralStatus"
    case 0x06: "ReadRegister"
    case 0x08: "WriteRegister"
    case 0x0C: "ReadGPIO"
    case 0x0E: "WriteGPIO"
    case 0x10: "SetSerialBaudRate"
    case 0x12: "SetParameters"
    case 0x14: "SAMConfiguration"
    case 0x16: "PowerDown"
    case 0x18: "AlparCommandForTDA"
    case 0x32: "RFConfiguration"
    case 0x58: "RFRegulationTest"
    default: initiatorName(code) ?? targetName(code)
    }
  }

  private static func initiatorName(_ code: UInt8) -> String? {
    switch code {
    case 0x38: "InQuartetByteExchange"
    case 0x40: "InDataExchange"
    case 0x42: "InCommunicateThru"
    case 0x44: "InDeselect"
    case 0x46: "InJumpForPSL"
    case 0x48: "InActivateDeactivatePaypass"
    case 0x4A: "InListPassiveTarget"
    case 0x4E: "InPSL"
    case 0x50: "InATR"
    case 0x52: "InRelease"
    case 0x54: "InSelect"
    case 0x56: "InJumpForDEP"
    case 0x60: "InAutoPoll"
    default: nil
    }
  }

  private static func targetName(_ code: UInt8) -> String? {
    switch code {
    case 0x86: "TgGetData"
    case 0x88: "TgGetInitiatorCommand"
    case 0x8A: "TgGetTargetStatus"
    case 0x8C: "TgInitAsTarget"
    case 0x8E: "TgSetData"
    case 0x90: "TgResponseToInitiator"
    case 0x92: "TgSetGeneralBytes"
    case 0x94: "TgSetMetaData"
    default: nil
    }
  }
}
