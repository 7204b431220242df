/// Why bytes are not BER-TLV data objects.
public enum TLVError: Error, Hashable, Sendable {
  /// The bytes ended inside a tag, length or value.
  case truncated
  /// A tag ISO/IEC 7816-4 rules out (00, a padded multi-byte tag) or longer than three bytes.
  case invalidTag
  /// Length byte 80: the end would be marked in the value.
  case indefiniteLength
  /// A length field of more than four bytes.
  case invalidLength
  /// Another tag stood where this one had to.
  case unexpectedTag(expected: TLV.Tag, found: TLV.Tag)
  /// More data objects than the caller allows.
  case tooManyObjects(limit: Int)

  /// One line for a human.
  public var explanation: StaticString {
    switch self {
    case .truncated: "the data ends inside a data object"
    case .invalidTag: "a tag is not valid"
    case .indefiniteLength: "a data object has an indefinite length"
    case .invalidLength: "a length field is not valid"
    case .unexpectedTag: "another data object stands in its place"
    case .tooManyObjects: "there are too many data objects"
    }
  }
}
