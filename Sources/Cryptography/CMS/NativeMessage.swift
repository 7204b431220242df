import COpenSSL

/// One CMS_ContentInfo that is known to be SignedData over data, with one signer.
struct NativeMessage: ~Copyable {
  /// No path needs more certificates than this.
  private static let maximumCertificateCount: CInt = 64

  private let native: NativeObject
  /// The content in the message; nil for a detached one.
  let content: [UInt8]?

  static func read(_ encoding: [UInt8]) throws(SignedMessageError) -> NativeMessage {
    let native: NativeObject
    do throws(CryptographyError) {
      native = try NativeObject.decode(
        encoding, "d2i_CMS_ContentInfo", release: CMS_ContentInfo_free, with: d2i_CMS_ContentInfo)
    } catch { throw .malformed }
    let content = try native.withPointer(content)
    return NativeMessage(native: native, content: content)
  }

  private static func content(
    of message: OpaquePointer
  ) throws(SignedMessageError) -> [UInt8]? {
    guard OBJ_obj2nid(CMS_get0_type(message)) == NID_pkcs7_signed,
      OBJ_obj2nid(CMS_get0_eContentType(message)) == NID_pkcs7_data
    else { throw .malformed }
    let signerCount = OPENSSL_sk_num(CMS_get0_SignerInfos(message))
    guard signerCount > 0 else { throw .noSigner }
    guard signerCount == 1 else { throw .moreThanOneSigner }
    return CMS_get0_content(message)?.pointee.map { ASN1Values.bytes($0) }
  }

  /// Every readable certificate in the message.
  func certificates() throws(SignedMessageError) -> [Certificate] {
    try native.withPointer { message throws(SignedMessageError) in
      guard let owned = CMS_get1_certs(message) else { return [] }
      let stack = CertificateStack(owning: owned)
      return try stack.withPointer { stack throws(SignedMessageError) in
        guard OPENSSL_sk_num(stack) <= Self.maximumCertificateCount else { throw .malformed }
        return CertificateStack.readableCertificates(in: stack)
      }
    }
  }

  /// Finds whose signature this claims to be, among `certificates` first, and refuses weak digests.
  ///
  /// The message remembers the certificate: `checkSignature` uses it.
  func signer(among certificates: [Certificate]) throws(SignedMessageError) -> MessageSigner {
    let candidates = certificates + (try self.certificates())
    do throws(CryptographyError) {
      let stack = try CertificateStack.of(candidates)
      native.withPointer { message in
        stack.withPointer { _ = CMS_set1_signers_certs(message, $0, CUnsignedInt(CMS_NOINTERN)) }
      }
    } catch { throw .libraryFailure(error) }
    return try native.withPointer { message throws(SignedMessageError) in
      try MessageSigner(reading: OpaquePointer(OPENSSL_sk_value(CMS_get0_SignerInfos(message), 0)))
    }
  }

  func checkSignature(
    over content: [UInt8], detached: Bool
  ) throws(SignedMessageError) {
    let flags = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY
    let isValid = content.withUnsafeBytes { content in
      native.withPointer { message in
        let file =
          detached ? BIO_new_mem_buf(content.bytePointer, CInt(clamping: content.count)) : nil
        defer { BIO_free(file) }
        return CMS_verify(message, nil, nil, file, nil, CUnsignedInt(flags)) == 1
      }
    }
    ERR_clear_error()
    guard isValid else { throw .badSignature }
  }
}
