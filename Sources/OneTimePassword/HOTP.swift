/// HOTP (RFC 4226): codes from a counter. Hashes other than SHA-1 are as in RFC 6238, 1.2.
public struct HOTP: Equatable, Sendable {
  public let hash: HashFunction
  public let digits: DigitCount

  public init(hash: HashFunction = .sha1, digits: DigitCount = .six) {
    self.hash = hash
    self.digits = digits
  }

  /// What is put through HMAC, and given to a card as its challenge: eight bytes, big endian.
  public static func challenge(counter: UInt64) -> [UInt8] {
    counter.bigEndianBytes
  }

  public func code<Failure: Error>(
    counter: UInt64, hmac: HMACFunction<Failure>
  ) throws(Failure) -> OneTimeCode {
    let mac = try hmac(hash, Self.challenge(counter: counter))
    return truncate(mac, of: hash).code(digits)
  }
}

/// Truncates what an `HMACFunction` returned.
func truncate(_ mac: [UInt8], of hash: HashFunction) -> TruncatedResponse {
  guard mac.count == hash.byteCount, let response = TruncatedResponse(truncating: mac) else {
    preconditionFailure("the HMAC function returned a MAC of the wrong size")
  }
  return response
}
