import Center
import SmartOTP

extension CenterAPI {
  func issueRegistrationCode(
    _ call: Call, _ request: RegistrationCodeRequest
  ) async throws -> IssuedRegistrationCode {
    try await store.issueRegistrationCode(request, as: call.caller)
  }

  /// All for an operator, its own for an institution.
  func devices(_ call: Call) async throws -> Page<Device> {
    if case .institution(let code) = call.actor {
      return try await store.devices(of: code, call.page())
    }
    return try await store.devices(of: nil, call.page())
  }

  func device(_ call: Call) async throws -> Device {
    let device = try await store.device(call.path.value("id", or: .deviceUnknown))
    if case .operator = call.actor { return device }
    try call.require(device.institution)
    return device
  }

  func revokeDevice(_ call: Call, _ withdrawal: CardWithdrawal) async throws -> Device {
    try await store.revoke(device(call).id, reason: withdrawal.reason, as: call.caller)
  }

  /// Enrols a device (protocol.md, section 2).
  func registerDevice(
    _ call: Call, _ request: DeviceRegistrationRequest
  ) async throws -> IssuedDeviceCertificate {
    guard let fingerprint = [UInt8](hexadecimal: request.fingerprint), fingerprint.count == 32
    else { throw Refusal(.invalidValue, "fingerprint: 32 bytes in hex") }
    let key = try requestedKey(request.certificateRequest)
    let id = try DeviceID.random()
    let issued = try issue(to: key, for: id, at: call.now)
    let device = try await store.register(
      NewDevice(
        id: id, name: request.name, fingerprint: fingerprint, certificate: issued.record),
      code: request.code, as: call.caller)
    if device.id == id { return IssuedDeviceCertificate(device: device, certificates: issued.pem) }
    // A repeated request: the answer to the first was lost, and with it the certificate. The request
    // proved the same key.
    return try await renew(device.id, for: key, call)
  }

  func ownDevice(_ call: Call) async throws -> Device {
    try await store.device(call.device())
  }

  func renewCertificate(
    _ call: Call, _ request: CertificateRenewalRequest
  ) async throws -> IssuedDeviceCertificate {
    try await renew(call.device(), for: requestedKey(request.certificateRequest), call)
  }
}
