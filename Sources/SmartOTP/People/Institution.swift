/// A financial institution in the centre's directory.
public struct Institution: Hashable, Sendable, Codable {
  /// The longest name, in bytes of UTF-8.
  public static let maximumNameByteCount = 128

  public let code: InstitutionCode
  public var name: String
  /// The vendor code of the cards it issues; nil for one that does not issue Smart OTP.
  public var vendorCode: VendorCode?
  /// A suspended institution may not act; its cards and registrations stay.
  public var isSuspended: Bool

  public init(
    code: InstitutionCode, name: String, vendorCode: VendorCode? = nil, isSuspended: Bool = false
  ) {
    self.code = code
    self.name = name
    self.vendorCode = vendorCode
    self.isSuspended = isSuspended
  }

  /// Whether customers can apply for a Smart OTP there.
  public var issuesSmartOTP: Bool { vendorCode != nil && !isSuspended }
}
