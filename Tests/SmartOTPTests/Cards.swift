import Simulation

/// Cards with keys that standards give vectors for.
enum Cards {
  /// RFC 4226 and RFC 6238, SHA-1: 20 bytes.
  static let key = Array("12345678901234567890".utf8)
  /// RFC 6238, SHA-256, and the transaction vectors: 32 bytes.
  static let key32 = Array("12345678901234567890123456789012".utf8)
  /// RFC 6238, SHA-512: 64 bytes.
  static let key64 = Array("1234567890123456789012345678901234567890123456789012345678901234".utf8)
  /// The key of the transaction vectors.
  static let transactionKey = Array("01234567890123456789012345678901".utf8)
  static let accessKey = (0..<16).map { UInt8($0) }
  static let accessKeyText = "000102030405060708090A0B0C0D0E0F"

  static let smartOTP = OATHCredential.smartOTP(
    vendor: "K01", serial: "12345678", key: transactionKey)

  static func card(
    _ credentials: OATHCredential..., profile: OATHProfile = .yubiKey, locked: Bool = false,
    activation: CardActivation = .typeA(.isoDEP())
  ) -> OATHCard {
    OATHCard(
      profile: profile, activation: activation, credentials: credentials,
      accessKey: locked ? accessKey : nil)
  }

  /// RFC 6238's three credentials.
  static var rfc6238: OATHCard {
    card(
      OATHCredential(name: "sha1", algorithm: .sha1, digits: 8, key: key),
      OATHCredential(name: "sha256", algorithm: .sha256, digits: 8, key: key32),
      OATHCredential(name: "sha512", algorithm: .sha512, digits: 8, key: key64))
  }

  static var people: OATHCard {
    card(
      OATHCredential(name: "GitHub:alice", key: key),
      OATHCredential(name: "GitHub:bob", key: key32),
      OATHCredential(name: "Bank:alice", kind: .hotp, key: key),
      OATHCredential(name: "60/Slow:carol", key: key))
  }
}
