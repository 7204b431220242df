/// What a customer signs with an accredited certificate to register a card with another institution
/// (S3): JSON, the content of a CMS SignedData.
public struct OnlineRegistrationRequest: Hashable, Sendable, Codable {
  public let vendorCode: VendorCode
  public let serial: Serial
  public let institution: InstitutionCode
  /// 16 to 64 bytes in hex, drawn by the signer. The centre takes each once.
  public let nonce: String
  /// When it was signed.
  public let time: UnixTime

  /// A request is refused when its time is further than this from the centre's, either way.
  public static let freshnessSeconds: Int64 = 300

  public init(card: CardIdentity, institution: InstitutionCode, nonce: String, time: UnixTime) {
    self.vendorCode = card.vendorCode
    self.serial = card.serial
    self.institution = institution
    self.nonce = nonce
    self.time = time
  }

  public var card: CardIdentity { CardIdentity(vendorCode: vendorCode, serial: serial) }

  public var hasValidNonce: Bool {
    (32...128).contains(nonce.utf8.count) && nonce.utf8.count.isMultiple(of: 2)
      && nonce.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
      }
  }
}
