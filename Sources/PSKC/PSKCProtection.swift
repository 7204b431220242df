import Cryptography

/// How an exported container keeps its secrets (RFC 6030, 6).
public enum PSKCProtection: Sendable {
  /// Not at all: the file is as secret as the keys.
  case plain
  /// AES-CBC under a key of 16, 24 or 32 bytes that both sides have, and the name they know it by.
  case preSharedKey(SecretBytes, name: String)
  /// AES-128-CBC under a key derived from a passphrase (its bytes, UTF-8 by custom) with PBKDF2.
  /// Iterations: 1,000 to `PBKDF2.maximumIterations`.
  case passphrase(SecretBytes, iterations: Int = 600_000)
}

/// What opens an imported container.
///
/// Where one is given, each secret has to be encrypted and to have its MAC: nobody can slip a secret
/// of his own into the file.
public enum PSKCUnlocking: Sendable {
  case none
  case preSharedKey(SecretBytes)
  case passphrase(SecretBytes)
}

/// What a container asks for before it shows its secrets.
public enum PSKCLock: Equatable, Sendable {
  case none
  /// A pre-shared key, by its name where the file gives one.
  case preSharedKey(name: String?)
  /// A passphrase, by its name where the file gives one.
  case passphrase(name: String?)
}

/// The bounds within which a file is read. The first fault beyond them is said, and nothing is read.
public struct PSKCLimits: Sendable {
  /// An encrypted key takes about a kilobyte.
  public var byteCount = 16 << 20
  public var keyCount = 100_000
  /// How deep elements may be nested.
  public var depth = 32
  /// The elements of one key package.
  public var elementsPerPackage = 500
  /// The bytes of one tag, attributes included.
  public var tagByteCount = 4096
  /// PBKDF2's rounds: the file says how many, and so how long reading it takes.
  public var iterations = PBKDF2.maximumIterations

  public init() {}
}
