import Cryptography

/// What a container's `EncryptionKey` says is needed to open it (RFC 6030, 6.1 and 6.2).
enum KeyRequirement {
  case preSharedKey(name: String?)
  case passphrase(name: String?, PassphraseDerivation)

  var lock: PSKCLock {
    switch self {
    case .preSharedKey(let name): .preSharedKey(name: name)
    case .passphrase(let name, _): .passphrase(name: name)
    }
  }

  init(_ element: Element, limits: PSKCLimits) throws(PSKCError) {
    if let derived = try element.foreignChild("DerivedKey") {
      let name = try derived.foreignChild("MasterKeyName")?.value()
      let method = try derived.requiredForeignChild("KeyDerivationMethod")
      self = .passphrase(name: name, try PassphraseDerivation(method, limits: limits))
    } else if let other = element.children.first(where: { $0.name != "KeyName" }) {
      throw element.error(.unsupportedAlgorithm(other.name))
    } else {
      self = .preSharedKey(name: try element.foreignChild("KeyName")?.value())
    }
  }
}

/// PBKDF2 with the parameters of a file.
struct PassphraseDerivation {
  private let hash: Hash
  private let salt: [UInt8]
  private let iterations: Int
  private let keyByteCount: Int
  private let element: Element

  init(_ element: Element, limits: PSKCLimits) throws(PSKCError) {
    let uri = try element.attribute("Algorithm")
    guard uri == AlgorithmURI.pbkdf2 || uri == AlgorithmURI.pbkdf2OfXMLEncryption else {
      throw element.error(.unsupportedAlgorithm(uri))
    }
    let parameters = try element.requiredForeignChild("PBKDF2-params")
    let salt = try parameters.requiredForeignChild("Salt").requiredForeignChild("Specified")
    let rounds = try parameters.requiredForeignChild("IterationCount")
    let size = try parameters.requiredForeignChild("KeyLength")
    self.salt = try salt.bytes()
    iterations = try rounds.integer()
    keyByteCount = try size.integer()
    hash = try Self.hash(try parameters.foreignChild("PRF"))
    self.element = element
    guard (1...min(limits.iterations, PBKDF2.maximumIterations)).contains(iterations) else {
      throw rounds.error(.iterations(iterations))
    }
    guard [16, 24, 32].contains(keyByteCount) else { throw size.error(.invalidValue) }
    guard !self.salt.isEmpty else { throw salt.error(.invalidValue) }
  }

  func key(from passphrase: SecretBytes) throws(PSKCError) -> SecretBytes {
    try attempt(element) { () throws(CryptographyError) in
      try PBKDF2.deriveKey(
        hash, from: passphrase, salt: salt, iterations: iterations, count: keyByteCount)
    }
  }

  /// HMAC-SHA-1 where the file names none (RFC 8018, A.2).
  private static func hash(_ element: Element?) throws(PSKCError) -> Hash {
    guard let uri = element?.attributes["Algorithm"], let element else { return .sha1 }
    guard let hash = AlgorithmURI.hash(ofHMAC: uri) else {
      throw element.error(.unsupportedAlgorithm(uri))
    }
    return hash
  }
}
