/// Why a card's activation data is not what ISO/IEC 14443 allows.
public enum ActivationError: Error, Hashable, Sendable {
  /// A UID that is not 4, 7 or 10 bytes.
  case uidLength(Int)
  /// A cascade tag (88) where a UID byte must be: the UID is not complete.
  case cascadeTagInUID
  /// No bytes at all where an ATS was announced.
  case atsMissing
  /// TL is 0; it counts itself, so it is at least 1.
  case atsLengthZero
  /// TL says another length than was received.
  case atsLengthMismatch(stated: Int, received: Int)
  /// T0 announces interface bytes that TL leaves no room for.
  case atsInterfaceBytesMissing
  /// An ATQB that is not 12 or 13 bytes.
  case atqbLength(Int)
  /// An ATQB that does not begin with 50.
  case atqbHeader(UInt8)

  /// One line for a human.
  public var explanation: StaticString {
    switch self {
    case .uidLength: "the card's UID is not 4, 7 or 10 bytes"
    case .cascadeTagInUID: "the card's UID is not complete"
    case .atsMissing: "the card's ATS is missing"
    case .atsLengthZero: "the card's ATS states a length of zero"
    case .atsLengthMismatch: "the card's ATS states another length than it has"
    case .atsInterfaceBytesMissing: "the card's ATS announces bytes it does not have"
    case .atqbLength: "the card's ATQB is not 12 or 13 bytes"
    case .atqbHeader: "the card's ATQB does not begin with 50"
    }
  }
}
