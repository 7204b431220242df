import COpenSSL

extension SignedMessage {
  /// Signs `content` as it is, byte for byte, over SHA-256. The message holds the signer's certificate
  /// and its chain, and says when it was signed by this machine's clock.
  ///
  /// - Parameter detached: leaves the content out of the message.
  public init(
    signing content: [UInt8], by identity: SigningIdentity, detached: Bool = false
  ) throws(CryptographyError) {
    guard content.count <= Self.maximumByteCount / 2 else {
      throw CryptographyError(.invalidInput, "SignedMessage")
    }
    let flags = CUnsignedInt(CMS_BINARY | CMS_NOSMIMECAP | (detached ? CMS_DETACHED : 0))
    let message = try NativeObject(
      owning: CMS_sign(nil, nil, nil, nil, flags | CUnsignedInt(CMS_PARTIAL)),
      release: CMS_ContentInfo_free, "CMS_sign")
    encoding = try message.withPointer { message throws(CryptographyError) in
      try Self.add(identity, to: message, flags: flags)
      try content.withUnsafeBufferPointer { content throws(CryptographyError) in
        let file = try NativeObject(
          owning: BIO_new_mem_buf(
            UnsafeRawBufferPointer(content).bytePointer, CInt(content.count)),
          release: { BIO_free($0) }, "BIO_new_mem_buf")
        try file.withPointer { file throws(CryptographyError) in
          try check(CMS_final(message, file, nil, flags), "CMS_final")
        }
      }
      return try encoded(message, "i2d_CMS_ContentInfo", with: i2d_CMS_ContentInfo)
    }
    isDetached = detached
  }

  public var pem: String { PEM.text("CMS", encoding) }

  private static func add(
    _ identity: SigningIdentity, to message: OpaquePointer, flags: CUnsignedInt
  ) throws(CryptographyError) {
    let digest = try Hash.sha256.algorithm()
    try identity.certificate.native.withPointer { certificate throws(CryptographyError) in
      try identity.key.withPointer { key throws(CryptographyError) in
        _ = try require(
          CMS_add1_signer(message, certificate, key, digest, flags), "CMS_add1_signer")
      }
    }
    for certificate in identity.chain where certificate != identity.certificate {
      try certificate.native.withPointer { certificate throws(CryptographyError) in
        try check(CMS_add1_cert(message, certificate), "CMS_add1_cert")
      }
    }
  }
}
