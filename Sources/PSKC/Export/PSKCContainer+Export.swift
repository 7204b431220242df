import Cryptography

extension PSKCContainer {
  /// The container as a file in UTF-8, its elements always in the same order.
  ///
  /// Secrets are encrypted with AES-CBC under a MAC with HMAC-SHA-256 and a key of its own; what else
  /// is known of a key stays readable. A signature that the container came with is not written.
  ///
  /// Throws where a value has no place in a PSKC file, and says in which package.
  public func xml(protection: PSKCProtection) throws(PSKCError) -> SecretBytes {
    guard !keys.isEmpty else { throw PSKCError(.notExpressible, at: "KeyPackage") }
    if let id, !id.isExpressible { throw PSKCError(.notExpressible) }
    let sealer = try Sealer(protection)
    var writer = XMLWriter()
    try writer.element("pskc:KeyContainer", rootAttributes) { writer throws(PSKCError) in
      try writer.write(header: sealer)
      for (index, key) in keys.enumerated() {
        do throws(PSKCError) {
          try writer.write(key, sealer)
        } catch {
          throw error.within(
            PSKCError.Package(
              number: index + 1, serialNumber: key.device.serialNumber, keyID: key.id))
        }
      }
    }
    return writer.document()
  }

  private var rootAttributes: [XMLWriter.Attribute] {
    let namespaces = [
      ("xmlns:pskc", Namespace.pskc), ("xmlns:ds", Namespace.xmlSignature),
      ("xmlns:xenc", Namespace.xmlEncryption), ("xmlns:xenc11", Namespace.xmlEncryption11),
      ("xmlns:pkcs5", Namespace.pkcs5),
    ]
    return [("Version", "1.0")] + (id.map { [("Id", $0)] } ?? []) + namespaces
  }
}

extension XMLWriter {
  fileprivate mutating func write(header sealer: Sealer?) throws(PSKCError) {
    guard let sealer else { return }
    element("pskc:EncryptionKey") { writer in
      switch sealer.keyInfo {
      case .name(let name): writer.element("ds:KeyName", text: name)
      case .derivation(let salt, let iterations): writer.writeDerivation(salt, iterations)
      }
    }
    let macKey = try sealer.sealedMACKey()
    element("pskc:MACMethod", [("Algorithm", sealer.macAlgorithm)]) { writer in
      writer.writeEncrypted("pskc:MACKey", macKey, sealer)
    }
  }

  /// As in RFC 6030, figure 7: the parameters' own children are in no namespace.
  private mutating func writeDerivation(_ salt: [UInt8], _ iterations: Int) {
    element("xenc11:DerivedKey") { writer in
      let algorithm = [("Algorithm", AlgorithmURI.pbkdf2)]
      writer.element("xenc11:KeyDerivationMethod", algorithm) { writer in
        writer.element("pkcs5:PBKDF2-params") { writer in
          writer.element("Salt") { $0.element("Specified", base64: salt) }
          writer.element("IterationCount", text: String(iterations))
          writer.element("KeyLength", text: "16")
          writer.element("PRF", [("Algorithm", Sealer.derivationHash)])
        }
      }
    }
  }

  mutating func writeEncrypted(_ name: String, _ ciphertext: [UInt8], _ sealer: Sealer) {
    element(name) { writer in
      writer.element("xenc:EncryptionMethod", [("Algorithm", sealer.cipher)])
      writer.element("xenc:CipherData") { $0.element("xenc:CipherValue", base64: ciphertext) }
    }
  }
}
