/// What a key may be used for (RFC 6030, 5). Without restrictions where all is empty.
///
/// A key with a policy that is not wholly understood must not be used, so it is never imported.
public struct PSKCPolicy: Equatable, Sendable {
  /// The uses that RFC 6030, 5 names.
  public enum Usage: String, Sendable, CaseIterable {
    /// One-time passwords.
    case oneTimePassword = "OTP"
    /// Challenge and response.
    case challengeResponse = "CR"
    case encrypt = "Encrypt"
    case integrity = "Integrity"
    case verify = "Verify"
    case unlock = "Unlock"
    case decrypt = "Decrypt"
    case keyWrap = "KeyWrap"
    case unwrap = "Unwrap"
    case derive = "Derive"
    case generate = "Generate"
  }

  /// The first and the last second of the key's life, Unix time.
  public var startDate: Int64?
  public var expiryDate: Int64?
  public var pin: PSKCPINPolicy?
  /// The uses allowed; all where it is empty.
  public var usages: [Usage]
  /// How often the key may be used.
  public var numberOfTransactions: UInt64?

  public init(
    startDate: Int64? = nil, expiryDate: Int64? = nil, pin: PSKCPINPolicy? = nil,
    usages: [Usage] = [], numberOfTransactions: UInt64? = nil
  ) {
    self.startDate = startDate
    self.expiryDate = expiryDate
    self.pin = pin
    self.usages = usages
    self.numberOfTransactions = numberOfTransactions
  }

  /// Whether the key may be used so at `time`, Unix seconds. Counting uses, and asking for the PIN,
  /// are the caller's.
  public func permits(_ usage: Usage, at time: Int64) -> Bool {
    if let startDate, time < startDate { return false }
    if let expiryDate, time > expiryDate { return false }
    return usages.isEmpty || usages.contains(usage)
  }
}

/// How a key is protected by a PIN (RFC 6030, 5).
public struct PSKCPINPolicy: Equatable, Sendable {
  public enum UsageMode: String, Sendable, CaseIterable {
    /// The device checks it.
    case local = "Local"
    /// It is sent in front of the code, or behind.
    case prepend = "Prepend"
    case append = "Append"
    /// It is an input of the calculation.
    case algorithmic = "Algorithmic"
  }

  /// The `PSKCKey.id` of the PIN's own package in the same container.
  public var keyID: String?
  public var usageMode: UsageMode?
  public var maximumFailedAttempts: UInt32?
  public var minimumLength: UInt32?
  public var maximumLength: UInt32?
  public var encoding: PSKCChallengeFormat.Encoding?

  public init(
    keyID: String? = nil, usageMode: UsageMode? = nil, maximumFailedAttempts: UInt32? = nil,
    minimumLength: UInt32? = nil, maximumLength: UInt32? = nil,
    encoding: PSKCChallengeFormat.Encoding? = nil
  ) {
    self.keyID = keyID
    self.usageMode = usageMode
    self.maximumFailedAttempts = maximumFailedAttempts
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
    self.encoding = encoding
  }
}
