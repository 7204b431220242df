import Cryptography

/// Why a container was refused, in which package, at which element. Holds nothing secret.
public struct PSKCError: Error, Equatable, Sendable {
  /// A key package, as far as it is known.
  public struct Package: Equatable, Sendable {
    /// Its place in the file, the first is 1.
    public let number: Int
    public let serialNumber: String?
    public let keyID: String?
  }

  public enum Reason: Equatable, Sendable {
    // The file.
    case tooManyBytes(maximum: Int)
    case tooManyKeys(maximum: Int)
    case tooManyElements(maximum: Int)
    case tooDeep(maximum: Int)
    case tagTooLong(maximum: Int)
    /// Another encoding than UTF-8, or bytes that are not UTF-8.
    case notUTF8
    /// A DOCTYPE: entities could be declared there. PSKC has none.
    case documentTypeDeclaration
    /// A processing instruction. PSKC has none.
    case processingInstruction
    case malformed(line: Int)
    /// The file ends before its last element does.
    case truncated
    /// The root element is not RFC 6030's `KeyContainer`.
    case notAKeyContainer
    case unsupportedVersion(String)

    // Its structure.
    case missingElement
    /// An element where RFC 6030's schema has none.
    case unexpectedElement
    case repeatedElement
    case missingAttribute(String)
    case invalidAttribute(String)
    /// Not base64, not a number, not a date, or not in the range that the element has.
    case invalidValue

    // What it says.
    /// The URI, or the element's name, of an algorithm that is not known here.
    case unsupportedAlgorithm(String)
    case unsupportedSuite(String)
    /// Codes that are not 6 to 8 decimal digits, that have a check digit, or that contradict the suite.
    case unsupportedFormat
    /// The secret is to be derived from a master key that both sides have; that is not supported.
    case secretByReference
    /// These parts of the policy are not understood, so the key must not be used (RFC 6030, 5).
    case policyNotUnderstood([String])

    // Its protection.
    /// The container is encrypted, and this opens it.
    case locked(PSKCLock)
    /// The secret lies open although a key was given.
    case unprotected
    /// The key given has not the size that the cipher needs, in bytes.
    case keySize(expected: Int)
    /// The MAC key does not decrypt: this is not the key or the passphrase.
    case wrongKey
    case macMissing
    /// The value was changed; rarely, that a wrong key or passphrase was not noticed before.
    case macMismatch
    /// The MAC is right and the value is not a ciphertext.
    case undecryptable
    /// PBKDF2's rounds are more than the limits allow, or none.
    case iterations(Int)
    case cryptography(CryptographyError)

    // Export.
    /// A value that has no place in a PSKC file.
    case notExpressible
  }

  /// Nil where the fault is not within a package.
  public let package: Package?
  /// The element's path below `KeyContainer`, `KeyPackage/Key/Data/Secret` for instance.
  public let element: String?
  public let reason: Reason

  init(_ reason: Reason, at element: String? = nil, in package: Package? = nil) {
    self.package = package
    self.element = element
    self.reason = reason
  }

  /// The same fault, once it is known in which package.
  func within(_ package: Package) -> PSKCError {
    PSKCError(reason, at: element, in: package)
  }
}
