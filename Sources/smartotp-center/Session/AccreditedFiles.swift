import CenterServer
import Cryptography

extension DataDirectory {
  /// Roots, intermediates and revocation lists; without any, online registration is refused.
  func accreditedAuthorities() throws -> AccreditedAuthorities {
    let certificates =
      PrivateFile.exists(accreditedRoots)
      ? try Certificate.chain(pem: PrivateFile.read(accreditedRoots)) : []
    return try AccreditedAuthorities(
      roots: certificates.filter { $0.subject == $0.issuer },
      intermediates: certificates.filter { $0.subject != $0.issuer },
      revocationLists: PrivateFile.names(in: revocationLists).map(revocationList))
  }

  private func revocationList(_ name: String) throws -> RevocationList {
    let path = "\(revocationLists)/\(name)"
    let bytes = try PrivateFile.read(path)
    do {
      return try bytes.first == 0x30 ? RevocationList(der: bytes) : RevocationList(pem: bytes)
    } catch {
      throw CommandFailure(.badData, "\(path) is no revocation list")
    }
  }
}
