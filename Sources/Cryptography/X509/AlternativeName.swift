import Glibc

/// A name under which a server is reached (RFC 5280, 4.2.1.6).
public struct AlternativeName: Hashable, Sendable {
  private enum Kind: Hashable {
    case dns([UInt8])
    case address([UInt8])
  }

  private let kind: Kind

  /// An IPv4 or IPv6 address in its usual text form, or a DNS name: letters, digits and hyphens in
  /// labels of 1 to 63, at most 253 characters, the first label possibly `*`. Nil for all else.
  public init?(host: String) {
    if let octets = Self.address(host) {
      kind = .address(octets)
    } else if Self.isDNSName(Array(host.utf8)) {
      kind = .dns(Array(host.utf8))
    } else {
      return nil
    }
  }

  /// GeneralName in DER.
  var der: [UInt8] {
    switch kind {
    case .dns(let name): DER.context(2, name)
    case .address(let octets): DER.context(7, octets)
    }
  }

  private static func address(_ text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var octets = [UInt8](repeating: 0, count: 16)
      if inet_pton(family, text, &octets) == 1 { return Array(octets.prefix(count)) }
    }
    return nil
  }

  private static func isDNSName(_ name: [UInt8]) -> Bool {
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isWildcard = labels.count > 1 && labels[0].elementsEqual([UInt8(ascii: "*")])
    return name.count <= 253 && labels.dropFirst(isWildcard ? 1 : 0).allSatisfy(isLabel)
      // All digits would be taken for an address that is not one.
      && labels.last?.allSatisfy { (0x30...0x39).contains($0) } == false
  }

  private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
      && label.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
          || $0 == hyphen
      }
  }
}
