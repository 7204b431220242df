import Cryptography
import SmartOTP

/// A registration under way: a new key and salt, which nothing is written of until the centre has
/// answered.
public struct DeviceEnrollment: Sendable {
  public let key: P256.PrivateKey
  let salt: [UInt8]
  let board: Hardware.Board
  private let digest: SecretBytes

  /// Draws the key and reads the hardware.
  public init(on hardware: Hardware) throws(DeviceIdentityError) {
    do {
      key = try P256.PrivateKey.generate()
      salt = try randomBytes(count: StateSeal.saltByteCount)
    } catch { throw .cryptography(error) }
    board = hardware.board()
    digest = try hardware.fingerprint(salt: salt, board: board)
  }

  /// Whether the board's serial number is in it. Without, a copy of the whole system on other
  /// hardware is not told from the original.
  public var knowsBoard: Bool { board != .none }

  /// What the centre is sent.
  public func request(
    code: RegistrationCode, name: String
  ) throws(DeviceIdentityError) -> DeviceRegistrationRequest {
    DeviceRegistrationRequest(
      code: code, certificateRequest: try certificateRequest(for: key),
      fingerprint: digest.withUnsafeBytes { Array($0) }.hexadecimal, name: name)
  }

  /// Writes what the centre answered, in place of any registration before it, whose cards go with
  /// it (S5).
  ///
  /// - Parameter authority: the centre's certificate authority, PEM.
  public func complete(
    _ answer: IssuedDeviceCertificate, center: String, authority: [UInt8],
    in directory: StateDirectory
  ) throws(DeviceIdentityError) -> DeviceState {
    let seal = try StateSeal(salt: salt, fingerprint: digest)
    let encoding: SecretBytes
    do { encoding = try key.pkcs8() } catch { throw .cryptography(error) }
    let record = DeviceRecord(device: answer.device, center: center, board: board)
    try directory.create()
    try directory.check()
    try directory.locked { () throws(DeviceIdentityError) in
      // Without its record a registration is none: it goes first and comes last.
      try DeviceState.erase(directory)
      try directory.write(salt, to: DeviceState.saltName)
      try directory.write(
        try seal.seal(encoding, as: DeviceState.keyName), to: DeviceState.keyName)
      try directory.write(authority, to: DeviceState.authorityName)
      try directory.write(
        Array(answer.certificates.utf8), to: DeviceState.certificateName)
      try DeviceState.write(record, check: seal.check, to: directory)
    }
    return DeviceState(
      directory: directory, record: record, key: key, seal: seal,
      certificates: Array(answer.certificates.utf8), authority: authority)
  }
}

/// A PKCS#10 request, PEM. The subject is the centre's to set.
func certificateRequest(for key: P256.PrivateKey) throws(DeviceIdentityError) -> String {
  do {
    return try CertificateRequest(
      key: key, subject: DistinguishedName(commonName: "device", organizationalUnit: "device")
    ).pem
  } catch { throw .cryptography(error) }
}
