import SmartCard

/// What is wrong with a card's answer to a command it accepted.
public enum OATHAnswerFault: Error, Hashable, Sendable {
  /// Not a sequence of data objects.
  case objects(TLVError)
  /// A data object is missing.
  case missing(TLV.Tag)
  /// A data object stands where it should not, or twice.
  case unexpected(TLV.Tag)
  /// A data object's value has a length it cannot have.
  case length(TLV.Tag)
  /// A code with other than 6 to 8 digits, or other than the credential has.
  case digits(UInt8)
  /// An algorithm that does not exist.
  case algorithm(UInt8)
  /// Data after a command that answers none.
  case unexpectedData
}

/// The data objects of an answer. A card holds some hundred credentials at most, two objects each.
func answerObjects(_ bytes: [UInt8]) throws(OATHAnswerFault) -> [TLV] {
  do {
    return try TLV.sequence(bytes, maximumCount: 4096)
  } catch {
    throw .objects(error)
  }
}
