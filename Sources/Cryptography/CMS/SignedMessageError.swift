/// Why a signed message was not accepted. Whether its signer is to be trusted is another question:
/// `ChainError` answers that.
public enum SignedMessageError: Error, Equatable, Sendable {
  /// Not one CMS SignedData, or one with a content type other than data, or over the size limit.
  case malformed
  /// Nobody signed: certificates and content alone.
  case noSigner
  case moreThanOneSigner
  /// Neither the message nor what was given along with it holds the signer's certificate.
  case signerCertificateMissing
  /// Signed over a digest other than SHA-2's or SHA-3's of 256 bits and more: MD5 and SHA-1 can be
  /// forged.
  case weakDigest
  /// The content is not in the message and was not given.
  case contentMissing
  /// The signature was not made by that certificate's key over this content and these attributes.
  case badSignature
  /// libcrypto could not do its work.
  case libraryFailure(CryptographyError)
}
