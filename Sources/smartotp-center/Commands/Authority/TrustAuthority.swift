import ArgumentParser
import Cryptography
import Glibc

struct TrustAuthority: ReportedCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Takes signatures of an accredited authority for online registration.",
    discussion: """
      The file holds root and intermediate certificates (PEM); with --crl, a revocation list (PEM or
      DER), which every authority in a chain must have and renew. A running server reads both when it
      is started again.

      EXAMPLES
        smartotp-center ca trust accredited.pem
        smartotp-center ca trust --crl accredited.crl
      """)

  @Flag(help: "The file is a revocation list.") var crl = false
  @Argument(help: "PEM, or DER for a revocation list.") var file: String
  @OptionGroup var local: LocalOperator
  @OptionGroup var output: OutputOption

  func perform() async throws {
    let directory = local.data.directory
    _ = try directory.openStore()
    let bytes = try PrivateFile.read(file)
    if crl { try add(list: bytes, to: directory) } else { try add(roots: bytes, to: directory) }
  }

  private func add(list bytes: [UInt8], to directory: DataDirectory) throws {
    let list: RevocationList
    do {
      list = try bytes.first == 0x30 ? RevocationList(der: bytes) : RevocationList(pem: bytes)
    } catch {
      throw CommandFailure(.badData, "\(file) is no revocation list")
    }
    try PrivateFile.createDirectory(directory.revocationLists)
    // One file an authority: a newer list takes the older one's place.
    let name = try sha256(Array(list.issuer.description.utf8)).prefix(8).map { $0 }.hexadecimal
    try PrivateFile.replace("\(directory.revocationLists)/\(name).crl", bytes, mode: 0o644)
    try output.show(
      ["issuer": list.issuer.description], text: "revocation list of \(list.issuer)")
  }

  private func add(roots bytes: [UInt8], to directory: DataDirectory) throws {
    let added = try Certificate.chain(pem: bytes)
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
