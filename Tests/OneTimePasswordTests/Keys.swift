import Cryptography
import OneTimePassword
import TestMaterial

/// The RFCs' keys: ASCII digits 1 to 9 and 0, repeated.
func digitsKey(count: Int) -> [UInt8] {
  (1...count).map { 0x30 + UInt8($0 % 10) }
}

/// HMAC under `key`, as the module wants it.
func hmacFunction(key: [UInt8]) -> HMACFunction<CryptographyError> {
  let secret = SecretBytes(key)
  return { hash, message throws(CryptographyError) in
    try hmac(Hash(hash), key: secret, message: message)
  }
}

extension Hash {
  init(_ hash: HashFunction) {
    self =
      switch hash {
      case .sha1: .sha1
      case .sha256: .sha256
      case .sha512: .sha512
      }
  }
}

/// SplitMix64: the same sequence in every run, so that a failure can be looked at again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
