import Cryptography
import SmartOTP

/// Why a device has no identity to work with.
public enum DeviceIdentityError: Error, Equatable, Sendable {
  /// Nothing was registered here, or the state was wiped.
  case notRegistered
  /// The state was made on other hardware.
  case otherHardware
  /// A file is not whole, or was changed.
  case damaged(String)
  /// Others than the owner may read or write it.
  case exposed(path: String, mode: UInt32)
  /// The system does not let this program at it.
  case permission(String)
  /// The system's own reason for another failure.
  case system(path: String, reason: String)
  /// There is no machine id, or it is not one.
  case noMachineID(String)
  /// What the device was registered by can no longer be read by this user.
  case hardwareUnreadable(String)
  /// The device holds as many cards as it may.
  case tooManyCards
  case cardUnknown(CardIdentity)
  case cryptography(CryptographyError)
}

extension DeviceIdentityError: CustomStringConvertible {
  /// What failed, why, what to do; one line.
  public var description: String {
    switch self {
    case .notRegistered:
      "this device is not registered; register it with smartotp device register"
    case .otherHardware:
      "the device's state was made on other hardware; register this device again"
    case .damaged(let path): "\(path) is damaged; register this device again"
    case .exposed(let path, let mode):
      "\(path) is open to other users (mode \(String(mode, radix: 8))); chmod go= \(path), and register again if somebody may have read it"
    case .permission(let path):
      "\(path) cannot be opened: permission denied; run this as the user the device was registered by"
    case .system(let path, let reason): "\(path): \(reason)"
    case .noMachineID(let path):
      "there is no machine id in \(path); run systemd-machine-id-setup"
    case .hardwareUnreadable(let path):
      "\(path), by which this device was registered, cannot be read; run this as the user the device was registered by, or register it again"
    case .tooManyCards:
      "this device holds \(DeviceState.maximumCardCount) cards already; remove one first"
    case .cardUnknown(let card):
      "the card \(card) is not on this device; add it with smartotp device add-card"
    case .cryptography(let error): "the crypto library failed (\(error))"
    }
  }

  /// Whether only a new registration helps.
  public var needsRegistration: Bool {
    switch self {
    case .notRegistered, .otherHardware, .damaged: true
    default: false
    }
  }
}
