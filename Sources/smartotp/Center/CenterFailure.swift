import CenterClient
import Cryptography
import DeviceIdentity
import OTPCard
import SmartOTP

extension CommandFailure {
  init(_ error: CenterServiceError) {
    self.init(error.description, Status(error))
  }

  init(_ error: DeviceIdentityError) {
    self.init(error.description, Status(error))
  }

  init(_ error: InvalidText) { self.init(error.rule, .usage) }

  /// What the centre commands' own layers throw, as the one line a command ends with.
  init?(layer error: any Error) {
    switch error {
    case let error as CommandFailure: self = error
    case let error as CenterServiceError: self.init(error)
    case let error as DeviceIdentityError: self.init(error)
    case let error as OATHError: self.init(error)
    case let error as InvalidText: self.init(error)
    case let error as CryptographyError:
      self.init("the crypto library failed (\(error))", .internalError)
    default: return nil
    }
  }
}

extension CommandFailure.Status {
  init(_ error: CenterServiceError) {
    switch error {
    case .refused(let refusal): self.init(refusal.code)
    case .unreachable, .timedOut, .interrupted: self = .tryAgain
    case .tlsRefused(.identityNotAccepted), .tlsRefused(.identityExpired),
      .tlsRefused(.identityRevoked):
      self = .permission
    case .tlsRefused, .notACenter: self = .configuration
    case .malformedAnswer: self = .internalError
    case .cancelled: self = .interrupted
    }
  }

  init(_ code: RefusalCode) {
    switch code {
    case .unavailable, .rateLimited: self = .tryAgain
    case .certificateRequired, .certificateRevoked, .roleNotAllowed, .notYours,
      .institutionSuspended, .deviceRevoked, .registrationCodeInvalid, .documentMismatch,
      .cardLost, .cardLocked, .cardNotOnDevice, .notRegistered, .issuerTaken:
      self = .permission
    case .internalError: self = .internalError
    default: self = .badData
    }
  }

  init(_ error: DeviceIdentityError) {
    switch error {
    case .notRegistered, .otherHardware, .damaged, .noMachineID: self = .configuration
    case .exposed, .permission, .hardwareUnreadable: self = .permission
    case .system: self = .configuration
    case .tooManyCards, .cardUnknown: self = .badData
    case .cryptography: self = .internalError
    }
  }
}
