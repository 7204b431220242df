import Cryptography

/// Reads one `KeyPackage` (RFC 6030, 4.1 to 4.3).
struct KeyPackageReader {
  private let opener: Opener
  private let unlocking: PSKCUnlocking

  init(_ opener: Opener, _ unlocking: PSKCUnlocking) {
    self.opener = opener
    self.unlocking = unlocking
  }

  func key(_ package: Element) throws(PSKCError) -> PSKCKey {
    try package.allowChildren(["DeviceInfo", "CryptoModuleInfo", "Key"])
    let element = try package.requiredChild("Key")
    try element.allowChildren([
      "Issuer", "AlgorithmParameters", "KeyProfileId", "KeyReference", "FriendlyName", "Data",
      "UserId", "Policy",
    ])
    let policy = try PolicyReader.policy(try element.child("Policy"))
    let data = try data(of: element)
    return PSKCKey(
      id: try element.attribute("Id"),
      algorithm: try AlgorithmReader(element, data).algorithm(),
      secret: data.secret,
      device: try device(try package.child("DeviceInfo")),
      cryptoModuleID: try package.child("CryptoModuleInfo")?.childValue("Id"),
      issuer: try element.childValue("Issuer"),
      friendlyName: try element.childValue("FriendlyName"),
      userID: try element.childValue("UserId"),
      policy: policy)
  }

  private func device(_ element: Element?) throws(PSKCError) -> PSKCDevice {
    guard let element else { return PSKCDevice() }
    try element.allowChildren([
      "Manufacturer", "SerialNo", "Model", "IssueNo", "DeviceBinding", "StartDate", "ExpiryDate",
      "UserId",
    ])
    return PSKCDevice(
      manufacturer: try element.childValue("Manufacturer"),
      serialNumber: try element.childValue("SerialNo"),
      model: try element.childValue("Model"),
      issueNumber: try element.childValue("IssueNo"),
      deviceBinding: try element.childValue("DeviceBinding"),
      startDate: try element.childDate("StartDate"),
      expiryDate: try element.childDate("ExpiryDate"),
      userID: try element.childValue("UserId"))
  }

  private func data(of key: Element) throws(PSKCError) -> KeyData {
    guard let element = try key.child("Data"), let secret = try element.child("Secret") else {
      let references = [try key.child("KeyReference"), try key.child("KeyProfileId")]
      throw references.compactMap(\.self).first?.error(.secretByReference)
        ?? key.error(.missingElement, atChild: "Data/Secret")
    }
    try element.allowChildren(["Secret", "Counter", "Time", "TimeInterval", "TimeDrift"])
    return KeyData(
      element: element,
      secret: try self.secret(secret),
      counter: try number(try element.child("Counter")),
      time: try number(try element.child("Time")),
      timeInterval: try number(try element.child("TimeInterval")),
      timeDrift: try number(try element.child("TimeDrift")))
  }

  private func secret(_ element: Element) throws(PSKCError) -> SecretBytes {
    let secret: SecretBytes
    switch try DataValue(element) {
    case .plain(let plain):
      guard case .none = unlocking else { throw plain.error(.unprotected) }
      guard let bytes = Base64.decode(try plain.value()) else { throw plain.error(.invalidValue) }
      secret = bytes
    case .encrypted(let encrypted, let mac):
      secret = try opener.open(encrypted, mac: mac)
    }
    guard (1...1024).contains(secret.count) else { throw element.error(.invalidValue) }
    return secret
  }

  private func number(_ element: Element?) throws(PSKCError) -> Int64? {
    guard let element else { return nil }
    switch try DataValue(element) {
    case .plain(let plain):
      return try plain.integer()
    case .encrypted(let encrypted, let mac):
      let bytes = try opener.open(encrypted, mac: mac).withUnsafeBytes { Array($0) }
      guard let number = Self.number(bytes) else { throw encrypted.error(.invalidValue) }
      return number
    }
  }

  /// An encrypted number. Senders write its digits in ASCII, or its bytes with the most significant
  /// one first: eight or four of them in two's complement, or no more than it needs.
  static func number(_ bytes: [UInt8]) -> Int64? {
    guard (1...20).contains(bytes.count) else { return nil }
    if bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Int64(String(decoding: bytes, as: UTF8.self))
    }
    guard bytes.count <= 8 else { return nil }
    let unsigned = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch bytes.count {
    case 8: return Int64(bitPattern: unsigned)
    case 4: return Int64(Int32(bitPattern: UInt32(truncatingIfNeeded: unsigned)))
    default: return Int64(unsigned)
    }
  }
}

/// What `Data` holds, opened.
struct KeyData {
  let element: Element
  let secret: SecretBytes
  let counter: Int64?
  let time: Int64?
  let timeInterval: Int64?
  let timeDrift: Int64?
}

/// A value in one of its two forms (RFC 6030, 4.2).
private enum DataValue {
  case plain(Element)
  case encrypted(Element, mac: Element?)

  init(_ element: Element) throws(PSKCError) {
    try element.allowChildren(["PlainValue", "EncryptedValue", "ValueMAC"])
    let mac = try element.child("ValueMAC")
    switch (try element.child("PlainValue"), try element.child("EncryptedValue")) {
    case (let plain?, nil):
      if let mac { throw mac.error(.unexpectedElement) }
      self = .plain(plain)
    case (nil, let encrypted?): self = .encrypted(encrypted, mac: mac)
    case (nil, nil): throw element.error(.missingElement, atChild: "PlainValue")
    case (_?, let encrypted?): throw encrypted.error(.unexpectedElement)
    }
  }
}
