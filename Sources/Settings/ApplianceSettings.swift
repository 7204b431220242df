import SmartOTP

/// What the appliance is told by its configuration file and the environment. It holds no secret:
/// secrets are in files, or systemd credentials, that it names.
public struct ApplianceSettings: Hashable, Sendable {
  /// Where `smartotp device register` keeps who this device is.
  public var state = "/var/lib/smartotp"
  /// `auto`, libnfc's name for a reader, or `usb:PORT`.
  public var reader = automaticReader
  /// Of the reader process that systemd starts; nil: the appliance starts its own.
  public var readerSocket: String?
  public var language = Language.english
  public var display = DisplaySettings()
  public var input = InputSettings()
  public var branch = BranchSettings()
  /// Names of credentials whose plain TOTP is to be shown when the centre is away; not carried out yet.
  public var offlineTOTP: [String] = []
  public var times = TimeSettings()
  public var logLevel = LogLevel.info

  /// The reader that is found first.
  public static let automaticReader = "auto"
  public static let standardPath = "/etc/smartotp/smartotpd.yaml"

  public init() {}

  /// The same words, in the same order, as swift-log's levels.
  public enum LogLevel: String, CaseIterable, Sendable {
    case trace, debug, info, notice, warning, error, critical
  }
}

/// What the customer's and the teller's buttons are.
public struct InputSettings: Hashable, Sendable {
  public var button: Button?

  public init() {}

  /// A key of an input device.
  public struct Button: Hashable, Sendable {
    public var device: String
    /// The kernel's names of the keys that cancel, such as `KEY_ESC`.
    public var cancel: [String]

    public static let standardCancel = ["KEY_ESC", "KEY_CANCEL"]

    public init(device: String, cancel: [String] = standardCancel) {
      self.device = device
      self.cancel = cancel
    }
  }
}

/// How long the appliance waits, in seconds.
public struct TimeSettings: Hashable, Sendable {
  /// A code stays in sight so long.
  public var show = 60
  /// For the customer to read the transaction and tap again.
  public var present = 60
  /// For a card, after a transaction was pushed.
  public var awaitCard = 120

  /// S10 says about a minute; longer is never allowed.
  public static let showRange = 5...60
  public static let presentRange = 10...300
  public static let awaitCardRange = 10...600

  public init() {}
}
