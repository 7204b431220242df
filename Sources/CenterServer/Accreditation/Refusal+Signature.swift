import Cryptography
import SmartOTP

extension Refusal {
  init(_ error: SignedMessageError) {
    switch error {
    case .malformed, .noSigner, .moreThanOneSigner, .signerCertificateMissing, .contentMissing:
      self.init(.signatureMalformed)
    case .weakDigest:
      self.init(.signatureInvalid, "the signature's digest is too weak: use SHA-256")
    case .badSignature: self.init(.signatureInvalid)
    case .libraryFailure: self.init(.internalError)
    }
  }

  init(_ error: ChainError) {
    switch error.reason {
    case .libraryFailure: self.init(.internalError)
    case .malformed, .untrusted, .badSignature: self.init(.signerUntrusted)
    case .weakAlgorithm:
      self.init(.signerUntrusted, "a key or digest in the signer's chain is too weak")
    case .wrongPurpose:
      self.init(.signerUntrusted, "the signer's certificate is not for signing")
    case .revoked: self.init(.signerRevoked)
    case .notYetValid: self.init(.signerNotYetValid)
    case .expired: self.init(.signerExpired)
    case .crlMissing: self.init(.revocationUnknown)
    case .crlExpired:
      self.init(
        .revocationUnknown, "the revocation list for the signer's certificate is out of date")
    }
  }
}
