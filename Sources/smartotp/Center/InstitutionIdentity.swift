import CenterClient
import Cryptography
import SmartOTP

/// An institution's certificate and key.
struct InstitutionIdentity {
  let code: InstitutionCode
  let client: ClientIdentity
  /// Key envelopes are sealed for it.
  let key: P256.PrivateKey
  /// The last certificate of the identity's file, where it has several.
  let authority: [UInt8]?

  /// - Parameter path: a PEM file with both, or the name that a `.pem` and a `.key` file share.
  init(path: String) throws {
    let certificatePath = TextFile.exists(path) || path == "-" ? path : "\(path).pem"
    let certificates = try TextFile.read(certificatePath)
    let chain: [Certificate]
    do { chain = try Certificate.chain(pem: certificates) } catch {
      throw CommandFailure("\(certificatePath) has no certificate in PEM", .badData)
    }
    guard let own = chain.first else {
      throw CommandFailure("\(certificatePath) has no certificate in PEM", .badData)
    }
    let role = own.subject.organizationalUnit.flatMap(Role.init(rawValue:))
    guard role == .institution, let name = own.subject.commonName,
      let code = try? InstitutionCode(name)
    else {
      let kind = role.map { "\($0.rawValue)'s" } ?? "foreign"
      throw CommandFailure(
        "\(certificatePath) is a \(kind) identity, and this takes an institution's; smartotp-center ca issue makes one",
        .usage)
    }
    self.code = code
    key = try Self.key(beside: certificatePath, path)
    guard try own.publicKey() == key.publicKey else {
      throw CommandFailure(
        "the key does not belong to the certificate in \(certificatePath)", .badData)
    }
    client = ClientIdentity(certificates: certificates, key: try key.pem())
    authority = chain.count > 1 ? chain.last.map { Array($0.pem.utf8) } : nil
  }

  private static func key(beside certificatePath: String, _ name: String) throws -> P256.PrivateKey
  {
    let stem = certificatePath.hasSuffix(".pem") ? String(certificatePath.dropLast(4)) : name
    let separate = "\(stem).key"
    let path = TextFile.exists(separate) ? separate : certificatePath
    do {
      return try P256.PrivateKey(pem: try TextFile.readSecret(path))
    } catch let error as CryptographyError {
      throw CommandFailure(
        "\(path) has no private key that can be used (\(error.reason)); it must be EC P-256 in PEM, without passphrase",
        .badData)
    }
  }
}
