import Cryptography
import SmartOTP

/// A registered device: who it is at the centre, and the access keys of its cards.
///
/// Loading it checks that it was made on this hardware and that nobody else can read it.
public struct DeviceState: Sendable {
  static let recordName = "device.record"
  static let saltName = "salt"
  static let keyName = "device.key"
  static let certificateName = "device.pem"
  static let authorityName = "center.pem"

  /// Cards on a device. One issuer has one card there, so this is generous.
  public static let maximumCardCount = 64

  public let directory: StateDirectory
  public private(set) var record: DeviceRecord
  /// The key of the client certificate; key envelopes are sealed for it.
  public let key: P256.PrivateKey
  /// PEM, the device's own first.
  public private(set) var certificates: [UInt8]
  /// The centre's certificate authority, PEM.
  public let authority: [UInt8]
  let seal: StateSeal

  init(
    directory: StateDirectory, record: DeviceRecord, key: P256.PrivateKey, seal: StateSeal,
    certificates: [UInt8], authority: [UInt8]
  ) {
    self.directory = directory
    self.record = record
    self.key = key
    self.seal = seal
    self.certificates = certificates
    self.authority = authority
  }

  /// - Throws: `notRegistered`, `otherHardware`, `damaged`, `exposed`, and what the system says.
  public init(
    loading directory: StateDirectory, on hardware: Hardware = Hardware()
  ) throws(DeviceIdentityError) {
    try directory.check()
    guard let bytes = try directory.read(Self.recordName) else { throw .notRegistered }
    guard let stored = StateRecord(bytes), let record = DeviceRecord(stored),
      let check = stored["check"].flatMap({ [UInt8](hexadecimal: $0) })
    else { throw .damaged("\(directory.path)/\(Self.recordName)") }
    let salt = try Self.content(of: Self.saltName, in: directory)
    let seal = try StateSeal(
      salt: salt, fingerprint: try hardware.fingerprint(salt: salt, board: record.board))
    guard constantTimeEqual(check, seal.check) else {
      throw salt.count == StateSeal.saltByteCount
        ? .otherHardware : .damaged("\(directory.path)/\(Self.saltName)")
    }
    let key: P256.PrivateKey
    do {
      key = try P256.PrivateKey(
        pkcs8: try seal.open(
          try Self.content(of: Self.keyName, in: directory), as: Self.keyName))
    } catch {
      throw error as? DeviceIdentityError ?? .damaged("\(directory.path)/\(Self.keyName)")
    }
    self.init(
      directory: directory, record: record, key: key, seal: seal,
      certificates: try Self.content(of: Self.certificateName, in: directory),
      authority: try Self.content(of: Self.authorityName, in: directory))
  }

  private static func content(
    of name: String, in directory: StateDirectory
  ) throws(DeviceIdentityError) -> [UInt8] {
    guard let bytes = try directory.read(name), !bytes.isEmpty else {
      throw .damaged("\(directory.path)/\(name)")
    }
    return bytes
  }

  static func write(
    _ record: DeviceRecord, check: [UInt8], to directory: StateDirectory
  ) throws(DeviceIdentityError) {
    var stored = record.record
    stored["check"] = check.hexadecimal
    try directory.write(stored.bytes, to: recordName)
  }

  /// Removes the registration and all card keys. The directory stays.
  public static func erase(_ directory: StateDirectory) throws(DeviceIdentityError) {
    try directory.remove(recordName)
    for name in try directory.names(from: StoredCard.filePrefix, to: "") {
      try directory.remove(name)
    }
    for name in [keyName, saltName, certificateName, authorityName] { try directory.remove(name) }
  }
}

extension DeviceState {
  /// What the centre is sent before the certificate ends. The key stays: cards and key envelopes
  /// hang on it.
  public func renewalRequest() throws(DeviceIdentityError) -> CertificateRenewalRequest {
    CertificateRenewalRequest(certificateRequest: try certificateRequest(for: key))
  }

  public mutating func renew(
    with answer: IssuedDeviceCertificate
  ) throws(DeviceIdentityError) {
    guard answer.device.id == record.id else { throw .damaged("the renewed certificate") }
    record.certificateExpiresAt = answer.device.certificateExpiresAt
    record.name = answer.device.name
    certificates = Array(answer.certificates.utf8)
    try directory.locked { () throws(DeviceIdentityError) in
      try directory.write(certificates, to: Self.certificateName)
      try Self.write(record, check: seal.check, to: directory)
    }
  }
}
