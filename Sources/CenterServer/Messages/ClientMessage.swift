import SmartOTP

/// A message that a client sends, with the rules that its types do not hold by themselves.
protocol ClientMessage: Decodable, Sendable {
  /// The message as the centre keeps it, texts in normalisation form C.
  ///
  /// - Throws: `invalidValue`, naming the key.
  func accepted() throws(Refusal) -> Self
}

extension ClientMessage {
  func accepted() throws(Refusal) -> Self { self }
}

extension CardReservationRequest: ClientMessage {}
extension InPersonRequest: ClientMessage {}
extension InPersonRegistrationRequest: ClientMessage {}
extension DeviceCardRequest: ClientMessage {}
extension ClaimRequest: ClientMessage {}
extension CodeSubmission: ClientMessage {}
extension ResynchronizationRequest: ClientMessage {}
extension KeysBegun: ClientMessage {}
extension ProofSubmission: ClientMessage {}
extension SignedRegistrationRequest: ClientMessage {}
extension CertificateRenewalRequest: ClientMessage {}

extension Institution: ClientMessage {
  func accepted() throws(Refusal) -> Institution {
    var accepted = self
    accepted.name = try name.accepted(as: "name", byteCounts: TextLimits.name)
    return accepted
  }
}

extension ApplicationForm: ClientMessage {
  func accepted() throws(Refusal) -> ApplicationForm {
    var accepted = self
    accepted.customerName = try customerName.accepted(
      as: "customerName", byteCounts: TextLimits.customerName)
    accepted.contact = try contact.accepted(as: "contact", byteCounts: TextLimits.contact)
    return accepted
  }
}

extension CardWithdrawal: ClientMessage {
  func accepted() throws(Refusal) -> CardWithdrawal {
    CardWithdrawal(reason: try reason.accepted(as: "reason", byteCounts: TextLimits.reason))
  }
}

extension RegistrationCodeRequest: ClientMessage {
  func accepted() throws(Refusal) -> RegistrationCodeRequest {
    guard (purpose == .card) == (card != nil) else {
      throw Refusal(.invalidValue, "card: it goes with purpose card, and with no other")
    }
    return self
  }
}

extension DeviceRegistrationRequest: ClientMessage {
  func accepted() throws(Refusal) -> DeviceRegistrationRequest {
    DeviceRegistrationRequest(
      code: code, certificateRequest: certificateRequest, fingerprint: fingerprint,
      name: try name.accepted(as: "name", byteCounts: TextLimits.name))
  }
}
