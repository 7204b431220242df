import COpenSSL

extension P256.Key {
  func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try withDigestContext { context, key throws(CryptographyError) in
      try check(
        EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, key, nil), "EVP_DigestSignInit_ex")
      var count = 0
      try check(
        EVP_DigestSign(context, nil, &count, message, message.count), "EVP_DigestSign")
      var signature = [UInt8](repeating: 0, count: count)
      try check(
        EVP_DigestSign(context, &signature, &count, message, message.count), "EVP_DigestSign")
      return Array(signature.prefix(count))
    }
  }

  func isValid(signature: [UInt8], for message: [UInt8]) throws(CryptographyError) -> Bool {
    try withDigestContext { context, key throws(CryptographyError) in
      try check(
        EVP_DigestVerifyInit_ex(context, nil, "SHA256", nil, nil, key, nil),
        "EVP_DigestVerifyInit_ex")
      let result = EVP_DigestVerify(
        context, signature, signature.count, message, message.count)
      // 0 and negative values both come for signatures that are not one; the queue must be emptied.
      if result != 1 { ERR_clear_error() }
      return result == 1
    }
  }

  func sharedSecret(with peer: borrowing P256.Key) throws(CryptographyError) -> SecretBytes {
    try withContext { context throws(CryptographyError) in
      try check(EVP_PKEY_derive_init(context), "EVP_PKEY_derive_init")
      try peer.withPointer { peer throws(CryptographyError) in
        try check(EVP_PKEY_derive_set_peer(context, peer), "EVP_PKEY_derive_set_peer")
      }
      return try SecretBytes(count: P256.coordinateByteCount) { output throws(CryptographyError) in
        var count = output.count
        try check(EVP_PKEY_derive(context, output.bytePointer, &count), "EVP_PKEY_derive")
      }
    }
  }

  private func withDigestContext<Result>(
    _ body: (OpaquePointer, OpaquePointer) throws(CryptographyError) -> Result
  ) throws(CryptographyError) -> Result {
    let context = try require(EVP_MD_CTX_new(), "EVP_MD_CTX_new")
    defer { EVP_MD_CTX_free(context) }
    return try withPointer { key throws(CryptographyError) in try body(context, key) }
  }
}
