import CenterStore
import Cryptography

/// The files of one centre. Several processes may serve from one directory.
struct DataDirectory {
  let path: String

  init(path: String) { self.path = path }

  var database: String { path + "/center.sqlite" }
  /// The keys under which the database's keys are encrypted.
  var keyFile: String { path + "/kek" }
  var authorityCertificate: String { path + "/ca.pem" }
  var authorityKey: String { path + "/ca.key" }
  var serverCertificate: String { path + "/server.pem" }
  var serverKey: String { path + "/server.key" }
  var operatorCertificate: String { path + "/operator.pem" }
  var operatorKey: String { path + "/operator.key" }
  /// Roots and intermediates of the accredited authorities, PEM; may be absent.
  var accreditedRoots: String { path + "/roots.pem" }
  /// Their revocation lists, one a file, PEM or DER; may be absent.
  var revocationLists: String { path + "/crls" }

  func openStore() throws -> SQLiteStore {
    guard PrivateFile.exists(database) else {
      throw CommandFailure(
        .configuration, "there is no centre in \(path)", todo: "smartotp-center init makes one")
    }
    return try SQLiteStore(path: database, keys: KeyRing(credentialOr: keyFile))
  }

  func authority() throws -> CertificateAuthority {
    try CertificateAuthority(
      certificate: Certificate(pem: PrivateFile.read(authorityCertificate)),
      key: P256.PrivateKey(pem: SecretBytes(PrivateFile.read(authorityKey))))
  }
}
