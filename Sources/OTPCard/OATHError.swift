import Cryptography
import SmartCard

/// Why an OATH operation failed.
public enum OATHError: Error, Equatable, Sendable {
  /// The card has no OATH application.
  case applicationMissing
  /// The card wants its access key first and none was given.
  case locked
  /// The card does not accept the access key.
  case wrongAccessKey
  /// The card could not prove that it has the access key.
  case cardNotProven
  /// The card should have an access key and has none.
  case accessKeyMissing
  case noSuchCredential
  /// Several credentials fit what was asked for.
  case ambiguousCredential([OATHName])
  /// The credential is of a kind this operation is not for.
  case unsuitableCredential
  case touchRequired
  /// A HOTP command was sent and its code did not arrive: the card may have used up a code. The
  /// reason, where it was not the answer's content.
  case counterMayHaveMoved(CardError?)
  /// The card answered a command it accepted with something else than belongs to it.
  case malformedAnswer(OATHInstruction, OATHAnswerFault)
  /// The card refused a command.
  case refused(OATHInstruction, StatusWord)
  /// There was no answer.
  case card(CardError)
  /// The crypto library failed.
  case cryptography(CryptographyError)

  /// What failed, why, what to do; one line.
  public var explanation: StaticString {
    switch self {
    case .applicationMissing: "this card has no OATH application; tap another card"
    case .locked: "the card is locked with an access key; give its key or password"
    case .wrongAccessKey:
      "the card does not accept the access key; it was set elsewhere, register the card again"
    case .cardNotProven:
      "the card could not prove its access key, it may be a fake; do not use it"
    case .accessKeyMissing:
      "the card has no access key although it should; register the card again"
    case .noSuchCredential: "the card has no such credential; smartotp card lists what it has"
    case .ambiguousCredential: "several credentials fit; give more of the name"
    case .unsuitableCredential: "this credential makes no such code; choose another"
    case .touchRequired: "the card wants to be touched; touch it, or tap it again"
    case .counterMayHaveMoved:
      "the card was lost while making a counter-based code; it may have used one up, ask again"
    case .malformedAnswer: "the card's answer makes no sense; tap again, or use another card"
    case .refused: "the card refused the command; it may not support it"
    case .card(let error): error.explanation
    case .cryptography: "the crypto library failed; check the OpenSSL installation"
    }
  }

  /// Whether the card said no: an answer that the same command may not get a second time, if
  /// what the card received was not what was sent.
  var isRefusal: Bool {
    switch self {
    case .applicationMissing, .locked, .wrongAccessKey, .cardNotProven, .accessKeyMissing,
      .noSuchCredential, .malformedAnswer:
      true
    // A card that counts tries is not asked to count another.
    case .refused(_, let status):
      status.retriesLeft == nil && status != .authenticationMethodBlocked
    case .ambiguousCredential, .unsuitableCredential, .touchRequired, .counterMayHaveMoved, .card,
      .cryptography:
      false
    }
  }
}

extension OATHError: CustomStringConvertible {
  /// The explanation, with what the card said.
  public var description: String {
    switch self {
    case .refused(let instruction, let status):
      "\(explanation) (\(instruction.name): \(status), \(status.explanation))"
    case .malformedAnswer(let instruction, _): "\(explanation) (\(instruction.name))"
    case .ambiguousCredential(let names):
      "\(explanation) (\(names.map(\.text).joined(separator: ", ")))"
    case .card(let error): error.description
    case .counterMayHaveMoved(let error?): "\(explanation) (\(error.explanation))"
    case .cryptography(let error): "\(explanation) (\(error))"
    default: "\(explanation)"
    }
  }
}
