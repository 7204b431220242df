/// Masks the values of data objects byte by byte, so that a chain may break off anywhere.
///
/// Understands what YKOATH uses: its tags, definite lengths of one to three bytes, and the property
/// (78), whose one value byte has no length. A part with anything else in it, and all that follows,
/// is masked whole: bytes that are out of step must not pass for tags.
struct DataObjectMask {
  private enum State: Equatable {
    case tag
    case length(isVisible: Bool)
    case longLength(isVisible: Bool, bytesLeft: Int, value: Int)
    case value(isVisible: Bool, bytesLeft: Int)
    case broken
  }

  private let visibleTags: [UInt8]
  private var state = State.tag

  init(visibleTags: [UInt8]) {
    self.visibleTags = visibleTags
  }

  /// The next part of the data. The last must end where a data object ends, else it is masked whole.
  mutating func mask(_ part: [UInt8], isLast: Bool) -> MaskedBytes {
    let result = part.map { step($0) }
    return state == .broken || isLast && state != .tag ? .hidden(part.count) : MaskedBytes(result)
  }

  /// Nil for a byte that is hidden.
  private mutating func step(_ byte: UInt8) -> UInt8? {
    switch state {
    case .tag:
      begin(tag: byte)
      return byte
    case .length(let isVisible):
      begin(length: byte, isVisible: isVisible)
      return byte
    case .longLength(let isVisible, let bytesLeft, let value):
      let value = value << 8 | Int(byte)
      state =
        bytesLeft == 1
        ? Self.value(isVisible: isVisible, count: value)
        : .longLength(isVisible: isVisible, bytesLeft: bytesLeft - 1, value: value)
      return byte
    case .value(let isVisible, let bytesLeft):
      state = Self.value(isVisible: isVisible, count: bytesLeft - 1)
      return isVisible ? byte : nil
    case .broken:
      return nil
    }
  }

  private mutating func begin(tag: UInt8) {
    let isVisible = visibleTags.contains(tag)
    if !OATHTag.all.contains(tag) {
      state = .broken
    } else if tag == OATHTag.property {
      state = .value(isVisible: isVisible, bytesLeft: 1)
    } else {
      state = .length(isVisible: isVisible)
    }
  }

  private mutating func begin(length: UInt8, isVisible: Bool) {
    switch length {
    case 0x00...0x7F: state = Self.value(isVisible: isVisible, count: Int(length))
    case 0x81: state = .longLength(isVisible: isVisible, bytesLeft: 1, value: 0)
    case 0x82: state = .longLength(isVisible: isVisible, bytesLeft: 2, value: 0)
    default: state = .broken
    }
  }

  private static func value(isVisible: Bool, count: Int) -> State {
    count == 0 ? .tag : .value(isVisible: isVisible, bytesLeft: count)
  }
}
