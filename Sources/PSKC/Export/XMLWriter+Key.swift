import Cryptography
import OneTimePassword

extension XMLWriter {
  /// Writes one `KeyPackage`, its children in the order of RFC 6030's schema.
  mutating func write(_ key: PSKCKey, _ sealer: Sealer?) throws(PSKCError) {
    try element("pskc:KeyPackage") { writer throws(PSKCError) in
      try writer.write(key.device)
      if let id = key.cryptoModuleID {
        try writer.element("pskc:CryptoModuleInfo") { writer throws(PSKCError) in
          try writer.write("Id", id)
        }
      }
      try writer.writeKey(key, sealer)
    }
  }

  private mutating func writeKey(_ key: PSKCKey, _ sealer: Sealer?) throws(PSKCError) {
    guard key.id.isExpressible else { throw PSKCError(.notExpressible, at: "Key") }
    let profile = KeyProfile(key.algorithm)
    let attributes = [("Id", key.id), ("Algorithm", profile.uri)]
    try element("pskc:Key", attributes) { writer throws(PSKCError) in
      try writer.write("Issuer", key.issuer)
      try writer.writeParameters(key.algorithm)
      try writer.write("FriendlyName", key.friendlyName)
      try writer.element("pskc:Data") { writer throws(PSKCError) in
        try writer.write(key.secret, sealer)
        try writer.writeData(key.algorithm)
      }
      try writer.write("UserId", key.userID)
      try writer.write(key.policy)
    }
  }

  private mutating func write(_ device: PSKCDevice) throws(PSKCError) {
    if device == PSKCDevice() { return }
    try element("pskc:DeviceInfo") { writer throws(PSKCError) in
      try writer.write("Manufacturer", device.manufacturer)
      try writer.write("SerialNo", device.serialNumber)
      try writer.write("Model", device.model)
      try writer.write("IssueNo", device.issueNumber)
      try writer.write("DeviceBinding", device.deviceBinding)
      try writer.write("StartDate", date: device.startDate)
      try writer.write("ExpiryDate", date: device.expiryDate)
      try writer.write("UserId", device.userID)
    }
  }

  private mutating func write(_ secret: SecretBytes, _ sealer: Sealer?) throws(PSKCError) {
    guard (1...1024).contains(secret.count) else {
      throw PSKCError(.notExpressible, at: "Data/Secret")
    }
    try element("pskc:Secret") { writer throws(PSKCError) in
      guard let sealer else {
        return writer.element("pskc:PlainValue", secretBase64: secret)
      }
      let sealed = try sealer.seal(secret)
      writer.writeEncrypted("pskc:EncryptedValue", sealed.ciphertext, sealer)
      writer.element("pskc:ValueMAC", base64: sealed.mac)
    }
  }

  private mutating func write(_ policy: PSKCPolicy) throws(PSKCError) {
    if policy == PSKCPolicy() { return }
    try element("pskc:Policy") { writer throws(PSKCError) in
      try writer.write("StartDate", date: policy.startDate)
      try writer.write("ExpiryDate", date: policy.expiryDate)
      if let pin = policy.pin { try writer.write(pin) }
      for usage in policy.usages { try writer.write("KeyUsage", usage.rawValue) }
      try writer.write("NumberOfTransactions", policy.numberOfTransactions.map { String($0) })
    }
  }

  private mutating func write(_ pin: PSKCPINPolicy) throws(PSKCError) {
    if let keyID = pin.keyID, !keyID.isExpressible {
      throw PSKCError(.notExpressible, at: "Policy/PINPolicy")
    }
    let attributes: [(String, String?)] = [
      ("PINKeyId", pin.keyID), ("PINUsageMode", pin.usageMode?.rawValue),
      ("MaxFailedAttempts", pin.maximumFailedAttempts.map { String($0) }),
      ("MinLength", pin.minimumLength.map { String($0) }),
      ("MaxLength", pin.maximumLength.map { String($0) }),
      ("PINEncoding", pin.encoding?.rawValue),
    ]
    element(
      "pskc:PINPolicy", attributes.compactMap { name, value in value.map { (name, $0) } })
  }

  func expressible(_ text: String, _ name: String) throws(PSKCError) -> String {
    guard text.isExpressible else { throw PSKCError(.notExpressible, at: name) }
    return text
  }

  /// An element of PSKC's namespace, or nothing where there is no text.
  mutating func write(_ name: String, _ text: String?) throws(PSKCError) {
    guard let text else { return }
    element("pskc:\(name)", text: try expressible(text, name))
  }

  private mutating func write(_ name: String, date seconds: Int64?) throws(PSKCError) {
    guard let seconds else { return }
    guard let text = DateTime.text(seconds) else { throw PSKCError(.notExpressible, at: name) }
    element("pskc:\(name)", text: text)
  }
}
