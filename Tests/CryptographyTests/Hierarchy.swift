@testable import Cryptography

/// A root, an issuing authority below it, and a client below that.
struct Hierarchy {
  static let start: Int64 = 1_795_500_000
  static let validity = Validity(notBefore: start, notAfter: start + 1000)

  let root: CertificateAuthority
  let issuing: CertificateAuthority
  let clientKey: P256.PrivateKey
  let client: Certificate

  init(
    rootValidity: Validity = validity, issuingValidity: Validity = validity,
    clientValidity: Validity = validity, usage: ExtendedKeyUsage = .clientAuthentication
  ) throws {
    root = try .root(
      subject: DistinguishedName(commonName: "Root"), key: .generate(), validity: rootValidity,
      pathLength: 1)
    let issuingKey = try P256.PrivateKey.generate()
    issuing = try CertificateAuthority(
      certificate: root.issueAuthority(
        to: issuingKey.publicKey, subject: DistinguishedName(commonName: "Issuing"),
        validity: issuingValidity),
      key: issuingKey)
    clientKey = try .generate()
    client = try issuing.issue(
      to: clientKey.publicKey, subject: DistinguishedName(commonName: "Client"),
      validity: clientValidity, usage: usage)
  }

  /// Lists of both authorities.
  func lists(
    rootRevokes: [Certificate] = [], issuingRevokes: [Certificate] = [],
    nextUpdate: Int64 = start + 500
  ) throws -> [RevocationList] {
    try [(root, rootRevokes), (issuing, issuingRevokes)].map { authority, certificates in
      try authority.revocationList(
        of: certificates.map { Revocation(serial: $0.serial, date: Self.start) }, number: 1,
        thisUpdate: Self.start, nextUpdate: nextUpdate)
    }
  }

  func store(
    roots: [Certificate]? = nil, lists: [RevocationList]? = nil,
    checking: TrustStore.RevocationChecking = .wholeChain
  ) throws -> TrustStore {
    try TrustStore(
      roots: roots ?? [root.certificate], revocationLists: lists ?? self.lists(),
      revocationChecking: checking)
  }

  func chain(
    of leaf: Certificate? = nil, intermediates: [Certificate]? = nil, to store: TrustStore,
    at time: Int64 = start + 10, for purpose: CertificatePurpose = .clientAuthentication
  ) throws(ChainError) -> CertificateChain {
    try CertificateChain(
      of: leaf ?? client, intermediates: intermediates ?? [issuing.certificate], to: store,
      at: time, for: purpose)
  }
}
