import Center
import Cryptography
import SmartOTP

/// Authorities whose certificates stand for persons: their roots and revocation lists.
public struct AccreditedAuthorities: SignedRequestReader {
  let trust: TrustStore

  /// - Parameters:
  ///   - roots: without any, every signature is refused as untrusted.
  ///   - intermediates: authorities that signed messages need not bring along.
  ///   - revocationLists: of every authority in a chain; a chain with one missing is refused.
  public init(
    roots: [Certificate], intermediates: [Certificate] = [], revocationLists: [RevocationList] = []
  ) throws(CryptographyError) {
    trust = try TrustStore(
      roots: roots, intermediates: intermediates, revocationLists: revocationLists)
  }

  func read(
    _ message: SignedRegistrationRequest, at now: UnixTime
  ) throws(Refusal) -> (OnlineRegistrationRequest, Signer) {
    let verified = try verify(message)
    try checkChain(verified, at: now)
    let request = try MessageCoding.decodeSigned(verified.content)
    try request.checkTime(at: now)
    return (request, try Signer(verified.signer))
  }

  private func verify(
    _ message: SignedRegistrationRequest
  ) throws(Refusal) -> SignedMessage.Verified {
    guard let bytes = MessageCoding.bytes(base64: message.signedRequest) else {
      throw Refusal(.signatureMalformed, "signedRequest: it is not base64")
    }
    do {
      return try SignedMessage(bytes).verify()
    } catch {
      throw Refusal(error)
    }
  }

  private func checkChain(
    _ message: SignedMessage.Verified, at now: UnixTime
  ) throws(Refusal) {
    do {
      _ = try CertificateChain(
        of: message.signer, intermediates: message.certificates, to: trust, at: now.seconds,
        for: .messageSigning)
    } catch {
      throw Refusal(error)
    }
  }
}

extension OnlineRegistrationRequest {
  fileprivate func checkTime(at now: UnixTime) throws(Refusal) {
    guard hasValidNonce else {
      throw Refusal(.signatureMalformed, "nonce: 16 to 64 bytes in hex")
    }
    if time + Self.freshnessSeconds < now { throw Refusal(.requestStale) }
    if now + Self.freshnessSeconds < time { throw Refusal(.requestFromFuture) }
  }
}

extension Signer {
  /// - Throws: `signerNotCardholder` for a certificate that names no person.
  init(_ certificate: Certificate) throws(Refusal) {
    guard let name = certificate.subject.commonName else {
      throw Refusal(.signerNotCardholder, "the signer's certificate names no person")
    }
    self.init(
      name: name.normalized,
      document: certificate.subject.value(of: .serialNumber).flatMap(
        IdentityDocument.init(semanticIdentifier:)))
  }
}
