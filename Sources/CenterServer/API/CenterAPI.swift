import Center
import Cryptography
import Logging
import SmartOTP

/// What the routes do. Each handler checks who owns what it touches; the store checks every rule that
/// must hold at the moment of the change.
struct CenterAPI: Sendable {
  let store: any Store
  /// Issues the certificates of devices.
  let authority: CertificateAuthority
  let deviceCertificateSeconds: Int64
  let signedRequests: any SignedRequestReader
  let figures: Figures
  let streams: StreamCount
  let deadlines: ClientDeadlines
}

extension Call {
  /// - Throws: `notYours` unless `owner` calls.
  func require(_ owner: InstitutionCode) throws(Refusal) {
    guard actor == .institution(owner) else { throw Refusal(.notYours) }
  }
}
