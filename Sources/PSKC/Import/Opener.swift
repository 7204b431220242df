import Cryptography

/// Opens encrypted values: the key of a container, and the key of its MACs (RFC 6030, 6.1 and 6.2).
struct Opener {
  private let key: SecretBytes?
  private let lock: PSKCLock
  private var mac: (hash: Hash, key: SecretBytes)?

  /// For a container without `EncryptionKey`.
  init(_ unlocking: PSKCUnlocking) {
    lock = .preSharedKey(name: nil)
    switch unlocking {
    case .preSharedKey(let key): self.key = key
    case .none, .passphrase: key = nil
    }
  }

  init(_ requirement: KeyRequirement, _ unlocking: PSKCUnlocking) throws(PSKCError) {
    lock = requirement.lock
    switch (requirement, unlocking) {
    case (.preSharedKey, .preSharedKey(let key)):
      self.key = key
    case (.passphrase(_, let derivation), .passphrase(let passphrase)):
      key = try derivation.key(from: passphrase)
    default:
      throw PSKCError(.locked(lock), at: "EncryptionKey")
    }
  }

  /// Reads the container's `MACMethod`.
  mutating func readMACMethod(_ element: Element) throws(PSKCError) {
    try element.allowChildren(["MACKey", "MACKeyReference"])
    let uri = try element.attribute("Algorithm")
    guard let hash = AlgorithmURI.hash(ofHMAC: uri) else {
      throw element.error(.unsupportedAlgorithm(uri))
    }
    let macKey = try element.requiredChild("MACKey")
    mac = (hash, try decryptMACKey(macKey))
  }

  /// The plain value of an `EncryptedValue`. The MAC is checked first, over IV and ciphertext.
  func open(_ encrypted: Element, mac code: Element?) throws(PSKCError) -> SecretBytes {
    let ciphertext = try ciphertext(of: encrypted)
    guard let code else { throw encrypted.error(.macMissing) }
    guard let mac else { throw PSKCError(.missingElement, at: "MACMethod") }
    let expected = try attempt(encrypted) { () throws(CryptographyError) in
      try hmac(mac.hash, key: mac.key, message: ciphertext.bytes)
    }
    guard constantTimeEqual(expected, try code.bytes()) else { throw code.error(.macMismatch) }
    do {
      return try AESCBC.decrypt(ciphertext.bytes, key: ciphertext.key, padding: .lastByte)
    } catch {
      throw encrypted.error(error.reason == .libraryFailure ? .cryptography(error) : .undecryptable)
    }
  }

  /// Nothing vouches for the MAC key. A padding or a size out of the ordinary betrays a wrong key,
  /// all but 3 times in 256.
  private func decryptMACKey(_ element: Element) throws(PSKCError) -> SecretBytes {
    let ciphertext = try ciphertext(of: element)
    for padding in [AESCBC.Padding.pkcs7, .lastByte] {
      do {
        let key = try AESCBC.decrypt(ciphertext.bytes, key: ciphertext.key, padding: padding)
        if padding == .pkcs7 && !key.isEmpty || [16, 20, 32, 64].contains(key.count) { return key }
      } catch  where error.reason == .decryptionFailed {
        continue
      } catch {
        throw element.error(error.reason == .invalidInput ? .invalidValue : .cryptography(error))
      }
    }
    throw element.error(.wrongKey)
  }

  private func ciphertext(
    of element: Element
  ) throws(PSKCError) -> (bytes: [UInt8], key: SecretBytes) {
    let method = try element.requiredForeignChild("EncryptionMethod")
    let uri = try method.attribute("Algorithm")
    guard let keyByteCount = AlgorithmURI.keyByteCount(ofCipher: uri) else {
      throw method.error(.unsupportedAlgorithm(uri))
    }
    guard let key else { throw element.error(.locked(lock)) }
    guard key.count == keyByteCount else { throw element.error(.keySize(expected: keyByteCount)) }
    let data = try element.requiredForeignChild("CipherData")
    return (try data.requiredForeignChild("CipherValue").bytes(), key)
  }
}

/// Does what libcrypto may fail at, and says at which element it did.
func attempt<Result>(
  _ element: Element, _ body: () throws(CryptographyError) -> Result
) throws(PSKCError) -> Result {
  do {
    return try body()
  } catch {
    throw element.error(.cryptography(error))
  }
}
