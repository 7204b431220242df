import Cryptography
import OneTimePassword

/// The URIs by which a PSKC file names algorithms.
enum AlgorithmURI {
  static let pbkdf2 = Namespace.pkcs5 + "pbkdf2"
  /// XML Encryption 1.1's name for the same.
  static let pbkdf2OfXMLEncryption = Namespace.xmlEncryption11 + "pbkdf2"

  /// The cipher's key size in bytes, where it is AES-CBC.
  static func keyByteCount(ofCipher uri: String) -> Int? {
    [16, 24, 32].first { cipher(keyByteCount: $0) == uri }
  }

  static func cipher(keyByteCount: Int) -> String {
    Namespace.xmlEncryption + "aes\(keyByteCount * 8)-cbc"
  }

  static func hash(ofHMAC uri: String) -> Hash? {
    Hash.allCases.first { hmac($0) == uri }
  }

  static func hmac(_ hash: Hash) -> String {
    switch hash {
    case .sha1: Namespace.xmlSignature + "hmac-sha1"
    case .sha256: Namespace.xmlSignatureMore + "hmac-sha256"
    case .sha512: Namespace.xmlSignatureMore + "hmac-sha512"
    }
  }
}

/// The profiles of keys, by the last part of their URI.
enum KeyProfile: String {
  case hotp, totp, ocra, pin

  var uri: String { Namespace.pskc + ":" + rawValue }

  /// Early drafts put `#` before the last part, and files that do so are still about.
  init?(uri: String) {
    for separator in [":", "#"] where uri.hasPrefix(Namespace.pskc + separator) {
      self.init(rawValue: uri.dropFirst(Namespace.pskc.count + 1).lowercased())
      return
    }
    return nil
  }
}

/// The names of hashes in `Suite`: `HMAC-SHA256` by custom; spelled in several ways.
extension HashFunction {
  init?(suite: String) {
    var name = suite.uppercased()
    for prefix in ["HMAC-", "HOTP-", "TOTP-"] where name.hasPrefix(prefix) {
      name.removeFirst(prefix.count)
      break
    }
    switch name {
    case "SHA1", "SHA-1": self = .sha1
    case "SHA256", "SHA-256": self = .sha256
    case "SHA512", "SHA-512": self = .sha512
    default: return nil
    }
  }

  var suite: String {
    switch self {
    case .sha1: "HMAC-SHA1"
    case .sha256: "HMAC-SHA256"
    case .sha512: "HMAC-SHA512"
    }
  }
}
