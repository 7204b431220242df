/// A financial institution's code, as the centre's directory lists it: `004`.
public struct InstitutionCode: CheckedText {
  public static let rule = "an institution code is 1 to 8 of A-Z and 0-9"
  public let text: String

  public init(accepted text: String) { self.text = text }
  public static func accepts(_ text: String) -> Bool { isUppercase(text, lengths: 1...8) }
}

/// Who makes the cards: the first half of a card's identity.
public struct VendorCode: CheckedText {
  public static let rule = "a vendor code is 1 to 8 of A-Z and 0-9"
  public let text: String

  public init(accepted text: String) { self.text = text }
  public static func accepts(_ text: String) -> Bool { isUppercase(text, lengths: 1...8) }
}

/// A card's number with its vendor: the second half of its identity.
public struct Serial: CheckedText {
  public static let rule = "a serial number is 4 to 32 of A-Z, 0-9 and -"
  public let text: String

  public init(accepted text: String) { self.text = text }
  public static func accepts(_ text: String) -> Bool {
    isUppercase(text, lengths: 4...32, others: [0x2D])
  }
}

/// Which card: vendor code and serial number, written `K01:12345678`.
public struct CardIdentity: Hashable, Sendable, Codable, CustomStringConvertible {
  public let vendorCode: VendorCode
  public let serial: Serial

  public init(vendorCode: VendorCode, serial: Serial) {
    self.vendorCode = vendorCode
    self.serial = serial
  }

  /// Reads `K01:12345678`.
  public init(_ text: String) throws(InvalidText) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw InvalidText(rule: "a card is named VENDOR:SERIAL, such as K01:12345678")
    }
    self.init(
      vendorCode: try VendorCode(String(parts[0])), serial: try Serial(String(parts[1])))
  }

  public var description: String { "\(vendorCode):\(serial)" }

  /// The credential's name on the card.
  public var credentialName: String { "smartotp:\(self)" }
}
