import Cryptography
import Foundation
import SmartOTP
import Testing

/// A registered device with its key.
struct TestDevice: Sendable {
  let device: Device
  let identity: ClientIdentity

  init(_ issued: IssuedDeviceCertificate, key: P256.PrivateKey) throws {
    let chain = try Certificate.chain(pem: Array(issued.certificates.utf8))
    device = issued.device
    identity = ClientIdentity(certificate: chain[0], key: key)
  }

  static func certificateRequest() throws -> (pem: String, key: P256.PrivateKey) {
    let key = try P256.PrivateKey.generate()
    let request = try CertificateRequest(
      key: key, subject: DistinguishedName(commonName: "new device"))
    return (request.pem, key)
  }

  /// What a device of hardware never seen before sends.
  static func request(
    _ code: RegistrationCode, certificateRequest: String? = nil
  ) throws -> DeviceRegistrationRequest {
    DeviceRegistrationRequest(
      code: code,
      certificateRequest: try certificateRequest ?? Self.certificateRequest().pem,
      fingerprint: try randomBytes(count: 32).hexadecimal, name: "Test reader")
  }

  func open(_ card: DeviceCard) throws -> SecretBytes {
    let envelope = try #require(card.accessKey.flatMap { Data(base64Encoded: $0) })
    return try KeyEnvelope.open(
      [UInt8](envelope), with: identity.key,
      associatedData: KeyDelivery.associatedData(holder: device.id.text, card: card.card))
  }
}

struct TestRevocationList {
  let list: RevocationList

  init(_ der: [UInt8]) throws { list = try RevocationList(der: der) }

  func expect(revoked: Certificate, good: Certificate, by authority: Certificate) throws {
    #expect(try list.isSigned(by: authority))
    #expect(try list.revocation(ofSerial: revoked.serial) != nil)
    #expect(try list.revocation(ofSerial: good.serial) == nil)
  }
}
