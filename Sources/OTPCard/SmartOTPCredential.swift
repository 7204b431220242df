import OneTimePassword

/// Which Smart OTP a card holds: its name there is `smartotp:<vendor code>:<serial>`.
public struct SmartOTPCredential: Hashable, Sendable {
  /// 1 to 8 of `A-Z 0-9`.
  public let vendorCode: String
  /// 4 to 32 of `A-Z 0-9 -`.
  public let serial: String
  /// The credential's name on the card.
  public let name: OATHName

  static let prefix = "smartotp:"

  /// - Throws: `vendorCode`, `serial`.
  public init(vendorCode: String, serial: String) throws(SmartOTPCredentialError) {
    guard Self.isValid(vendorCode, lengths: 1...8, hyphen: false) else { throw .vendorCode }
    guard Self.isValid(serial, lengths: 4...32, hyphen: true) else { throw .serial }
    guard let name = OATHName(Self.prefix + vendorCode + ":" + serial) else { throw .name }
    self.vendorCode = vendorCode
    self.serial = serial
    self.name = name
  }

  /// Reads a name on a card.
  ///
  /// - Throws: `name` for a name that is of another kind, `vendorCode`, `serial`.
  public init(_ name: OATHName) throws(SmartOTPCredentialError) {
    guard name.bytes.starts(with: Self.prefix.utf8) else { throw .name }
    let parts = name.bytes.dropFirst(Self.prefix.utf8.count)
      .split(separator: 0x3A, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw .name }
    try self.init(
      vendorCode: String(decoding: parts[0], as: UTF8.self),
      serial: String(decoding: parts[1], as: UTF8.self))
  }

  /// The credential as LIST shows it.
  public var credential: OATHCredential {
    OATHCredential(name: name, kind: .totp, hash: TransactionCode.hash)
  }

  private static func isValid(_ text: String, lengths: ClosedRange<Int>, hyphen: Bool) -> Bool {
    lengths.contains(text.utf8.count)
      && text.utf8.allSatisfy { character in
        switch character {
        case 0x41...0x5A, 0x30...0x39: true
        case 0x2D: hyphen
        default: false
        }
      }
  }
}

/// Why a vendor code and serial number, or a name, are no Smart OTP's.
public enum SmartOTPCredentialError: Error, Hashable, Sendable {
  case name
  case vendorCode
  case serial

  /// One line for a human.
  public var explanation: StaticString {
    switch self {
    case .name: "the name is not smartotp:<vendor code>:<serial>"
    case .vendorCode: "the vendor code is not 1 to 8 of A-Z and 0-9"
    case .serial: "the serial number is not 4 to 32 of A-Z, 0-9 and -"
    }
  }
}

extension [OATHCredential] {
  /// The Smart OTPs among them: right name, kind and hash.
  public var smartOTPs: [SmartOTPCredential] {
    compactMap { credential in
      guard let smartOTP = try? SmartOTPCredential(credential.name),
        smartOTP.credential == credential
      else { return nil }
      return smartOTP
    }
  }
}
