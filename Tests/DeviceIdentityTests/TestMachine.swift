import Cryptography
import Foundation
import SmartOTP

@testable import DeviceIdentity

/// A file tree that stands for a machine, and a state directory in it; both go with the last
/// reference.
final class TestMachine: Sendable {
  static let machineID = "0123456789abcdef0123456789abcdef"
  let root: String

  init(machineID: String? = machineID, serial: String? = "10000000abcdef01\0") throws {
    root = FileManager.default.temporaryDirectory.appending(path: "machine-\(UUID())").path
    try FileManager.default.createDirectory(
      atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    if let machineID { try write("\(machineID)\n", to: "etc/machine-id") }
    if let serial { try write(serial, to: "proc/device-tree/serial-number") }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  var hardware: Hardware { Hardware(root: root) }
  var directory: StateDirectory { StateDirectory("\(root)/state/smartotp") }

  func write(_ text: String, to path: String) throws {
    let file = URL(filePath: "\(root)/\(path)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Registers the machine as a device of a centre that answers what a centre answers.
  func register() throws -> DeviceState {
    try DeviceEnrollment(on: hardware).complete(
      Self.answer(), center: "https://center.example:8443", authority: Array("authority".utf8),
      in: directory)
  }

  static let deviceID = DeviceID(accepted: "dev-7ZK3QJ0V5N2M8R4T")

  static func answer(expiresAt: Int64 = 1_800_000_000) -> IssuedDeviceCertificate {
    IssuedDeviceCertificate(
      device: Device(
        id: deviceID, name: "branch 7", state: .active,
        institution: InstitutionCode(accepted: "004"), registeredAt: UnixTime(1_700_000_000),
        certificateExpiresAt: UnixTime(expiresAt)),
      certificates: "certificate \(expiresAt)")
  }

  /// Bytes of a state file.
  func bytes(of name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(directory.path)/\(name)"))
  }

  /// Writes a state file as the program would, with other content.
  func replace(_ name: String, by bytes: Data) throws {
    let path = "\(directory.path)/\(name)"
    try bytes.write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() }
  }
}

extension StoredCard {
  static func test(_ serial: String, key: UInt8 = 7) -> StoredCard {
    StoredCard(
      card: CardIdentity(
        vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: serial)),
      issuer: InstitutionCode(accepted: "004"), issuerName: "Hankang Bank",
      applicationID: [1, 2, 3, 4, 5, 6, 7, 8],
      accessKey: SecretBytes(repeatElement(key, count: 16)))
  }
}
