extension KnownReader {
  /// Every product known, in three parts.
  public static let all = drivenByLibnfc + serialBridges + notDriven

  public static func find(_ identifier: USBIdentifier) -> KnownReader? { byIdentifier[identifier] }

  private static let byIdentifier: [USBIdentifier: KnownReader] = Dictionary(
    all.map { ($0.identifier, $0) }, uniquingKeysWith: { first, _ in first })

  /// Everything libnfc 1.8.0's two USB drivers know (pn53x_usb.c, acr122_usb.c).
  static let drivenByLibnfc: [KnownReader] = [
    pn53x(0x04CC, 0x0531, "NXP PN531", .pn531, [.noTypeB]),
    pn53x(
      0x04CC, 0x2533, "NXP PN533", .pn533, [.fragileDescriptors], kernelDriver: "pn533_usb"),
    pn53x(
      0x04E6, 0x5591, "SCM SCL3711", .pn533, [.fragileDescriptors, .lateAnswers],
      kernelDriver: "pn533_usb"),
    pn53x(0x04E6, 0x5594, "SCM SCL3712", .pn533, [.fragileDescriptors]),
    pn53x(0x054C, 0x0193, "Sony PN531 (RC-S310)", .pn531, [.noTypeB]),
    pn53x(
      0x054C, 0x02E1, "Sony RC-S360", .pn533, [.noTypeB, .lateAnswers],
      kernelDriver: "pn533_usb"),
    pn53x(0x1FD3, 0x0608, "ASK LoGO", .pn533, [.fragileDescriptors]),
    acr122(0x2200, "ACS ACR122U", [.sharedSerial], kernelDriver: "pn533_usb"),
    acr122(0x2214, "ACS ACR1222", []),
    acr122(0x90CC, "ACS Touchatag (ACR122U with SAM)", [.sharedIdentifier]),
  ]

  private static func pn53x(
    _ vendor: UInt16, _ product: UInt16, _ name: String, _ chip: Chip, _ quirks: ReaderQuirks,
    kernelDriver: String? = nil
  ) -> KnownReader {
    KnownReader(
      identifier: USBIdentifier(vendor, product), name: name, chip: chip,
      access: .libnfc(driver: "pn53x_usb"), quirks: quirks.union(.noAutosuspend),
      kernelDriver: kernelDriver)
  }

  private static func acr122(
    _ product: UInt16, _ name: String, _ quirks: ReaderQuirks, kernelDriver: String? = nil
  ) -> KnownReader {
    KnownReader(
      identifier: USBIdentifier(0x072F, product), name: name, chip: .pn532,
      access: .libnfc(driver: "acr122_usb"),
      quirks: quirks.union([
        .mayReset, .leavePowered, .noAutosuspend, .lateAnswers, .shortFrames, .keepsSettings,
      ]), kernelDriver: kernelDriver)
  }

  /// USB chips that make a serial port, on PN532 boards and many other things.
  static let serialBridges: [KnownReader] = [
    bridge(0x1A86, 0x7523, "WCH CH340", "ch341", [.sharedSerial]),
    bridge(0x1A86, 0x7522, "WCH CH340K", "ch341", [.sharedSerial]),
    bridge(0x1A86, 0x5523, "WCH CH341", "ch341", [.sharedSerial]),
    bridge(0x1A86, 0x55D3, "WCH CH343", "cdc_acm"),
    bridge(0x1A86, 0x55D4, "WCH CH9102", "cdc_acm"),
    bridge(0x10C4, 0xEA60, "Silicon Labs CP210x", "cp210x", [.sharedSerial]),
    bridge(0x10C4, 0xEA70, "Silicon Labs CP2105", "cp210x"),
    bridge(0x0403, 0x6001, "FTDI FT232R", "ftdi_sio"),
    bridge(0x0403, 0x6014, "FTDI FT232H", "ftdi_sio"),
    bridge(0x0403, 0x6015, "FTDI FT230X", "ftdi_sio"),
    bridge(0x067B, 0x2303, "Prolific PL2303", "pl2303", [.sharedSerial]),
    bridge(0x067B, 0x23A3, "Prolific PL2303GC", "pl2303"),
    bridge(0x067B, 0x23B3, "Prolific PL2303GB", "pl2303"),
    bridge(0x067B, 0x23C3, "Prolific PL2303GT", "pl2303"),
    bridge(0x067B, 0x23D3, "Prolific PL2303GL", "pl2303"),
    bridge(0x067B, 0x23E3, "Prolific PL2303GE", "pl2303"),
    bridge(0x067B, 0x23F3, "Prolific PL2303GS", "pl2303"),
  ]

  private static func bridge(
    _ vendor: UInt16, _ product: UInt16, _ name: String, _ driver: String,
    _ quirks: ReaderQuirks = []
  ) -> KnownReader {
    KnownReader(
      identifier: USBIdentifier(vendor, product), name: name, chip: .unknown,
      access: .serialBridge, quirks: quirks.union([.mayReset, .noAutosuspend]),
      kernelDriver: driver)
  }

  /// Readers that are often attached in the hope that libnfc drives them.
  static let notDriven: [KnownReader] = [
    other(0x072F, 0x221A, "ACS ACR1251"),
    other(0x072F, 0x223B, "ACS ACR1252U"),
    other(0x072F, 0x223E, "ACS ACR1252"),
    other(0x072F, 0x223F, "ACS ACR1255U-J1"),
    other(0x072F, 0x2224, "ACS ACR1281U"),
    other(0x072F, 0x2259, "ACS ACR1252IMP"),
    other(0x04E6, 0x5291, "SCM SCL010"),
    other(0x04E6, 0x5293, "SCM SCL01x"),
    other(0x04E6, 0x5790, "Identiv uTrust 3700 F"),
    other(0x04E6, 0x5791, "Identiv uTrust 3701 F"),
    other(0x04E6, 0x5724, "Identiv uTrust 4701 F"),
    other(0x054C, 0x06C1, "Sony RC-S380/S", "its chip is driven by nfcpy", driver: "port100"),
    other(0x054C, 0x06C3, "Sony RC-S380/P", "its chip is driven by nfcpy", driver: "port100"),
    other(0x054C, 0x0D8F, "Sony RC-S660/U"),
    other(0x054C, 0x0DC8, "Sony RC-S300/S"),
    other(0x054C, 0x0DC9, "Sony RC-S300/P"),
    other(0x076B, 0x5022, "HID OMNIKEY 5022"),
    other(0x076B, 0x5321, "OMNIKEY 5321"),
    other(0x076B, 0x5422, "HID OMNIKEY 5422"),
    other(0x076B, 0x5427, "HID OMNIKEY 5427 CK"),
    other(0x0B81, 0x0200, "id3 CL1356T"),
    other(0x09D8, 0x0427, "Elatec TWN4"),
    other(0x1C34, 0x7141, "SpringCard Prox'N'Roll"),
    other(0x1FC9, 0x010B, "NXP PR533"),
    other(0x1FC9, 0x0117, "NXP PN7462AU"),
    other(0x1FD3, 0xCC1D, "ASK CPL108"),
    other(0x349E, 0x0430, "Token2 MFA NFC Reader"),
  ]

  private static func other(
    _ vendor: UInt16, _ product: UInt16, _ name: String,
    _ use: String = "it works with PC/SC programs", driver: String? = nil
  ) -> KnownReader {
    KnownReader(
      identifier: USBIdentifier(vendor, product), name: name, chip: .other, access: .none(use),
      quirks: [], kernelDriver: driver)
  }
}
