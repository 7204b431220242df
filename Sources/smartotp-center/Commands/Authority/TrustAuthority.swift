import ArgumentParser
import Cryptography
import Glibc

struct TrustAuthority: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Takes signatures of an accredited authority for online registration.",
    discussion: """
      The file holds root and intermediate certificates (PEM), or a revocation list (PEM or DER),
      which every authority in a chain must have and renew. A running server reads both when it is
      started again.

      EXAMPLES
        smartotp-center ca trust accredited.pem
        smartotp-center ca trust accredited.crl
      """)

  @Argument(help: "Certificates in PEM, or a revocation list in PEM or DER.") var file: String
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let directory = local.data.directory
    _ = try directory.openStore()
    let bytes = try PrivateFile.read(file)
    if let list = (try? RevocationList(pem: bytes)) ?? (try? RevocationList(der: bytes)) {
      try add(list, bytes, to: directory)
    } else {
      try add(roots: bytes, to: directory)
    }
  }

  private func add(
    _ list: RevocationList, _ bytes: [UInt8], to directory: DataDirectory
  ) throws {
    try PrivateFile.createDirectory(directory.revocationLists)
    // One file an authority: a newer list takes the older one's place.
    let name = try sha256(Array(list.issuer.description.utf8)).prefix(8).map { $0 }.hexadecimal
    try PrivateFile.replace("\(directory.revocationLists)/\(name).crl", bytes, mode: 0o644)
    try output.show(
      ["issuer": list.issuer.description], text: "revocation list of \(list.issuer)")
  }

  private func add(roots bytes: [UInt8], to directory: DataDirectory) throws {
    guard let added = try? Certificate.chain(pem: bytes), !added.isEmpty else {
      throw CommandFailure(.badData, "\(file) holds neither certificates nor a revocation list")
    }
    let path = directory.accreditedRoots
    let known = PrivateFile.exists(path) ? try Certificate.chain(pem: PrivateFile.read(path)) : []
    let new = added.filter { !known.contains($0) }
    try PrivateFile.replace(
      path, Array((known + new).map(\.pem).joined().utf8), mode: 0o644)
    for certificate in added {
      try output.show(
        ["trusted": certificate.subject.description], text: "trusted: \(certificate.subject)")
    }
  }
}
