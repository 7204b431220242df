import Cryptography

/// Encrypts the values of one container under one key, each with its MAC (RFC 6030, 6.1).
struct Sealer {
  /// What the file says about the key.
  enum KeyInfo {
    case name(String)
    case derivation(salt: [UInt8], iterations: Int)
  }

  let keyInfo: KeyInfo
  let cipher: String
  let macAlgorithm: String
  private let key: SecretBytes
  private let macKey: SecretBytes
  private static let hash = Hash.sha256

  /// Nil for a container that is not protected.
  init?(_ protection: PSKCProtection) throws(PSKCError) {
    switch protection {
    case .plain: return nil
    case .preSharedKey(let key, let name):
      guard [16, 24, 32].contains(key.count) else {
        throw PSKCError(.keySize(expected: 16), at: "EncryptionKey")
      }
      guard name.isExpressible else { throw PSKCError(.notExpressible, at: "EncryptionKey") }
      self.key = key
      keyInfo = .name(name)
    case .passphrase(let passphrase, let iterations):
      guard (1000...PBKDF2.maximumIterations).contains(iterations) else {
        throw PSKCError(.iterations(iterations), at: "EncryptionKey")
      }
      guard !passphrase.isEmpty else { throw PSKCError(.notExpressible, at: "EncryptionKey") }
      (key, keyInfo) = try Self.derive(passphrase, iterations)
    }
    cipher = AlgorithmURI.cipher(keyByteCount: key.count)
    macAlgorithm = AlgorithmURI.hmac(Self.hash)
    macKey = try Self.attempt { () throws(CryptographyError) in
      try SecretBytes.random(count: Self.hash.byteCount)
    }
  }

  static var derivationHash: String { AlgorithmURI.hmac(hash) }

  func sealedMACKey() throws(PSKCError) -> [UInt8] {
    try Self.attempt { () throws(CryptographyError) in try AESCBC.encrypt(macKey, key: key) }
  }

  func seal(_ secret: SecretBytes) throws(PSKCError) -> (ciphertext: [UInt8], mac: [UInt8]) {
    try Self.attempt { () throws(CryptographyError) in
      let ciphertext = try AESCBC.encrypt(secret, key: key)
      return (ciphertext, try hmac(Self.hash, key: macKey, message: ciphertext))
    }
  }

  private static func derive(
    _ passphrase: SecretBytes, _ iterations: Int
  ) throws(PSKCError) -> (SecretBytes, KeyInfo) {
    try attempt { () throws(CryptographyError) in
      let salt = try randomBytes(count: 16)
      let key = try PBKDF2.deriveKey(
        hash, from: passphrase, salt: salt, iterations: iterations, count: 16)
      return (key, .derivation(salt: salt, iterations: iterations))
    }
  }

  private static func attempt<Result>(
    _ body: () throws(CryptographyError) -> Result
  ) throws(PSKCError) -> Result {
    do {
      return try body()
    } catch {
      throw PSKCError(.cryptography(error))
    }
  }
}
