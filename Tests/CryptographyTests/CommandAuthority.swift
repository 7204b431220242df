import Cryptography
import Testing

/// An accredited authority that knows nothing of this project: plain `openssl` commands.
struct CommandAuthority {
  private let files: OpenSSLCommand

  /// `key` as in `issue`.
  init(_ files: OpenSSLCommand, key: String = "ec:P-256") throws {
    self.files = files
    try files.write(Array(Self.configuration.utf8), to: "ca.cnf")
    try files.write([], to: "index.txt")
    try files.write(Array("01\n".utf8), to: "crlnumber")
    try files.run(
      "genpkey \(Self.generator(of: key)) -out root.key",
      "req -config ca.cnf -x509 -key root.key -days 30"
        + " -subj /O=Accredited/CN=Accredited_Root -extensions root -out root.pem")
  }

  /// Writes NAME.key and NAME.pem. `key` is `rsa:BITS` or `ec:CURVE`; `extensions` a section of the
  /// configuration.
  func issue(
    _ name: String, key: String, extensions: String = "person", options: String = "-days 10"
  ) throws {
    try files.run(
      "genpkey \(Self.generator(of: key)) -out \(name).key",
      "req -config ca.cnf -new -key \(name).key -subj /O=Accredited/UID=u-1/CN=\(name)"
        + " -out \(name).csr",
      "ca -batch -config ca.cnf -in \(name).csr -out \(name).pem -notext \(options)"
        + " -extensions \(extensions)")
  }

  func revoke(_ name: String, reason: String) throws {
    try files.run("ca -config ca.cnf -revoke \(name).pem -crl_reason \(reason)")
  }

  func list(options: String = "-crldays 5") throws -> RevocationList {
    try files.run("ca -config ca.cnf -gencrl \(options) -out list.pem")
    return try RevocationList(pem: files.read("list.pem"))
  }

  private static func generator(of key: String) -> String {
    let parts = key.split(separator: ":")
    return parts[0] == "rsa"
      ? "-algorithm RSA -pkeyopt rsa_keygen_bits:\(parts[1])"
      : "-algorithm EC -pkeyopt ec_paramgen_curve:\(parts[1])"
  }

  private static let configuration = """
    [ca]
    default_ca = here
    [here]
    database = index.txt
    new_certs_dir = .
    certificate = root.pem
    private_key = root.key
    crlnumber = crlnumber
    serial = serial
    rand_serial = yes
    default_md = sha256
    policy = names
    unique_subject = no
    crl_extensions = list
    [names]
    organizationName = supplied
    userId = optional
    commonName = supplied
    [req]
    distinguished_name = name
    [name]
    [root]
    basicConstraints = critical,CA:TRUE
    keyUsage = critical,keyCertSign,cRLSign
    subjectKeyIdentifier = hash
    [person]
    basicConstraints = CA:FALSE
    keyUsage = critical,digitalSignature,nonRepudiation
    subjectKeyIdentifier = hash
    authorityKeyIdentifier = keyid
    [server]
    basicConstraints = CA:FALSE
    extendedKeyUsage = serverAuth
    [unknown]
    basicConstraints = CA:FALSE
    1.2.3.4 = critical,DER:05:00
    [list]
    authorityKeyIdentifier = keyid

    """
}
