extension P256.PublicKey {
  /// Reads the only `PUBLIC KEY` of a text (RFC 7468), as `openssl pkey -pubout` writes it.
  ///
  /// Throws `malformed` where there is none or several, and `invalidKey` as `init(spki:)` does.
  public convenience init(pem: [UInt8]) throws(CryptographyError) {
    try self.init(spki: try PEM.content(of: ["PUBLIC KEY"], in: pem))
  }
}
