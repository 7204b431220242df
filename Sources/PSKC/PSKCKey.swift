import Cryptography

/// One key package: a secret, what it is for, and the device that holds it (RFC 6030, 4.1 to 4.3).
public struct PSKCKey: Equatable, Sendable {
  /// Names the key between the two parties; often the device's serial number.
  public var id: String
  public var algorithm: PSKCAlgorithm
  public var secret: SecretBytes
  public var device: PSKCDevice
  /// The cryptographic module within the device.
  public var cryptoModuleID: String?
  public var issuer: String?
  /// A name to show to the user.
  public var friendlyName: String?
  /// The user whose key this is, mostly an X.500 distinguished name.
  public var userID: String?
  public var policy: PSKCPolicy

  public init(
    id: String, algorithm: PSKCAlgorithm, secret: SecretBytes, device: PSKCDevice = PSKCDevice(),
    cryptoModuleID: String? = nil, issuer: String? = nil, friendlyName: String? = nil,
    userID: String? = nil, policy: PSKCPolicy = PSKCPolicy()
  ) {
    self.id = id
    self.algorithm = algorithm
    self.secret = secret
    self.device = device
    self.cryptoModuleID = cryptoModuleID
    self.issuer = issuer
    self.friendlyName = friendlyName
    self.userID = userID
    self.policy = policy
  }
}

/// The token or card that holds a key (RFC 6030, 4.3.1).
public struct PSKCDevice: Equatable, Sendable {
  /// The maker, mostly `oath.` and a registered prefix, or a name in words.
  public var manufacturer: String?
  public var serialNumber: String?
  public var model: String?
  /// Which issue of a device with this serial number.
  public var issueNumber: String?
  /// What the key has to be bound to, a phone's IMEI for instance.
  public var deviceBinding: String?
  /// When the device's life begins and ends, in Unix seconds.
  public var startDate: Int64?
  public var expiryDate: Int64?
  /// The user whose device this is.
  public var userID: String?

  public init(
    manufacturer: String? = nil, serialNumber: String? = nil, model: String? = nil,
    issueNumber: String? = nil, deviceBinding: String? = nil, startDate: Int64? = nil,
    expiryDate: Int64? = nil, userID: String? = nil
  ) {
    self.manufacturer = manufacturer
    self.serialNumber = serialNumber
    self.model = model
    self.issueNumber = issueNumber
    self.deviceBinding = deviceBinding
    self.startDate = startDate
    self.expiryDate = expiryDate
    self.userID = userID
  }
}
