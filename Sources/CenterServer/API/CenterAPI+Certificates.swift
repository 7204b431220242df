import Center
import Cryptography
import SmartOTP

extension CenterAPI {
  struct IssuedCertificate {
    let record: CertificateRecord
    /// The device's certificate, then the authority's.
    let pem: String
  }

  /// For clocks that are behind.
  private static let leewaySeconds: Int64 = 300

  /// The key of a PKCS#10 request, which the requester has proved to hold.
  func requestedKey(_ pem: String) throws(Refusal) -> P256.PublicKey {
    do {
      return try CertificateRequest(pem: Array(pem.utf8)).publicKey
    } catch {
      switch error.reason {
      case .invalidKey:
        throw Refusal(.certificateRequestInvalid, "certificateRequest: its key is not on P-256")
      case .badSignature:
        throw Refusal(
          .certificateRequestInvalid, "certificateRequest: it was not signed by its own key")
      default:
        throw Refusal(.certificateRequestInvalid, "certificateRequest: it is not PKCS#10 in PEM")
      }
    }
  }

  func issue(
    to key: P256.PublicKey, for device: DeviceID, at now: UnixTime
  ) throws(CryptographyError) -> IssuedCertificate {
    let expiresAt = now + deviceCertificateSeconds
    let certificate = try authority.issue(
      to: key,
      subject: DistinguishedName(
        commonName: device.text, organizationalUnit: Role.device.rawValue),
      validity: Validity(
        notBefore: now.seconds - Self.leewaySeconds, notAfter: expiresAt.seconds),
      usage: .clientAuthentication)
    return IssuedCertificate(
      record: CertificateRecord(
        serial: certificate.serial, subject: device.text, role: .device, expiresAt: expiresAt),
      pem: certificate.pem + authority.certificate.pem)
  }

  func renew(
    _ id: DeviceID, for key: P256.PublicKey, _ call: Call
  ) async throws -> IssuedDeviceCertificate {
    let issued = try issue(to: key, for: id, at: call.now)
    let device = try await store.renew(
      id, certificate: issued.record, as: Caller(.device(id), at: call.now))
    return IssuedDeviceCertificate(device: device, certificates: issued.pem)
  }
}
