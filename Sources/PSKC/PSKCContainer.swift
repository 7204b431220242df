/// A Portable Symmetric Key Container (RFC 6030): the keys of a batch of tokens or cards, as vendors
/// send them.
public struct PSKCContainer: Equatable, Sendable {
  /// The container's own name, where it has one.
  public var id: String?
  public var keys: [PSKCKey]
  /// Whether the file carried an XML signature. It was **not** checked: what vouches for a file is its
  /// encryption and the MAC of each value. Signatures are never written.
  public internal(set) var carriesUncheckedSignature: Bool

  public init(id: String? = nil, keys: [PSKCKey]) {
    self.id = id
    self.keys = keys
    self.carriesUncheckedSignature = false
  }
}

/// What could be read of a container of which some packages are faulty.
public struct PSKCSalvage: Sendable {
  /// The keys that are right in every respect.
  public let container: PSKCContainer
  /// Why each of the other packages was left out, in the order of the file.
  public let faults: [PSKCError]
}
