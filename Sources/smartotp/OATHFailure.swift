import OTPCard

extension CommandFailure {
  init(_ error: OATHError) {
    if case .card(let cardError) = error {
      self.init(cardError)
    } else {
      self.init(error.description, Status(error))
    }
  }
}

extension CommandFailure.Status {
  init(_ error: OATHError) {
    switch error {
    case .locked, .wrongAccessKey, .cardNotProven, .accessKeyMissing: self = .permission
    case .applicationMissing, .noSuchCredential, .unsuitableCredential, .malformedAnswer, .refused:
      self = .badData
    case .ambiguousCredential: self = .usage
    case .touchRequired, .counterMayHaveMoved: self = .tryAgain
    case .card(let error): self.init(error)
    case .cryptography: self = .internalError
    }
  }
}
