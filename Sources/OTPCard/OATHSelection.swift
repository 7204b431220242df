import OneTimePassword
import SmartCard

/// What a card's OATH application says of itself when it is selected.
public struct OATHSelection: Hashable, Sendable {
  /// Version bytes, usually major, minor, patch.
  public let version: [UInt8]
  /// The card's identifier, usually 8 bytes: the salt of an access key made from a password.
  /// Some cards draw a new one at RESET.
  public let id: [UInt8]
  /// What the card wants to see authenticated; nil when no access key is set.
  public let challenge: [UInt8]?
  /// The hash under the access key's HMAC.
  public let hash: HashFunction

  /// Whether an access key is set.
  public var isLocked: Bool { challenge != nil }

  /// `5.4.3`.
  public var versionText: String { version.map(String.init).joined(separator: ".") }

  /// Reads the answer to SELECT. Data objects of the maker's own are passed over.
  init(parsing bytes: [UInt8]) throws(OATHAnswerFault) {
    var version: [UInt8]?
    var id: [UInt8]?
    var challenge: [UInt8]?
    var algorithm: [UInt8]?
    for object in try answerObjects(bytes) {
      switch object.tag {
      case .version: try object.store(in: &version, lengths: 1...8)
      case .name: try object.store(in: &id, lengths: 1...OATHName.maximumByteCount)
      case .challenge: try object.store(in: &challenge, lengths: 1...64)
      case .algorithm: try object.store(in: &algorithm, lengths: 1...1)
      default: break
      }
    }
    guard let version else { throw .missing(.version) }
    guard let id else { throw .missing(.name) }
    self.version = version
    self.id = id
    self.challenge = challenge
    hash = try Self.hash(algorithm)
  }

  /// The first cards had SHA-1 only and did not say so.
  private static func hash(_ algorithm: [UInt8]?) throws(OATHAnswerFault) -> HashFunction {
    guard let byte = algorithm?.first else { return .sha1 }
    guard let hash = HashFunction(oathCode: byte & 0x0F) else { throw .algorithm(byte) }
    return hash
  }
}

extension TLV {
  fileprivate func store(
    in value: inout [UInt8]?, lengths: ClosedRange<Int>
  ) throws(OATHAnswerFault) {
    guard value == nil else { throw .unexpected(tag) }
    guard lengths.contains(self.value.count) else { throw .length(tag) }
    value = self.value
  }
}
