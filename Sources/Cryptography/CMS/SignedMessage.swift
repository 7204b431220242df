import COpenSSL

/// A message signed by one signer (CMS SignedData, RFC 5652), as `openssl cms -sign` makes it.
///
/// Reading does not verify. `verify` says that the holder of a certificate's key signed the content;
/// whether that certificate is to be trusted is for `CertificateChain` to say:
/// ```
/// let message = try SignedMessage(bytes).verify()
/// let chain = try CertificateChain(
///   of: message.signer, intermediates: message.certificates, to: store, at: now,
///   for: .messageSigning)
/// ```
public struct SignedMessage: Sendable {
  private static let labels = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA"]
  /// The largest message read, in bytes.
  public static let maximumByteCount = PEM.maximumByteCount

  /// The encoding in BER or DER.
  public let encoding: [UInt8]
  /// Whether the content travels apart from the message.
  public let isDetached: Bool

  /// Reads DER or BER, or else PEM.
  public init(_ bytes: [UInt8]) throws(SignedMessageError) {
    let sequence: UInt8 = 0x30
    guard bytes.count <= Self.maximumByteCount,
      let encoding = bytes.first == sequence
        ? bytes : try? PEM.content(of: Self.labels, in: bytes)
    else { throw .malformed }
    let message = try NativeMessage.read(encoding)
    self.encoding = encoding
    self.isDetached = message.content == nil
  }

  /// What a verified message holds.
  public struct Verified: Sendable {
    public let content: [UInt8]
    public let signer: Certificate
    /// Every readable certificate in the message, for the path to a root.
    public let certificates: [Certificate]
    /// When the signer says it was signed, in Unix seconds. It is the signer's word, signed.
    public let signingTime: Int64?
  }

  /// Checks the signature over content and signed attributes.
  ///
  /// - Parameters:
  ///   - content: of a detached message; for one with its own content, nil or the same bytes, or
  ///     `badSignature`.
  ///   - certificates: where to look for the signer's certificate first; the message's own are next.
  public func verify(
    content: [UInt8]? = nil, certificates: [Certificate] = []
  ) throws(SignedMessageError) -> Verified {
    let message = try NativeMessage.read(encoding)
    let embedded = message.content
    guard let content = content ?? embedded else { throw .contentMissing }
    guard embedded == nil || embedded == content else { throw .badSignature }
    let signer = try message.signer(among: certificates)
    try message.checkSignature(over: content, detached: embedded == nil)
    return Verified(
      content: content, signer: signer.certificate, certificates: try message.certificates(),
      signingTime: signer.signingTime)
  }
}
