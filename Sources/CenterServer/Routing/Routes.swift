extension CenterAPI {
  /// The whole API: what there is, and who may use it. Who owns what is checked by the handlers.
  static let routes: [Route] = [
    .get("/healthz", .anyone, raw: CenterAPI.health),
    .get("/readyz", .anyone, raw: CenterAPI.readiness),
    .get("/metrics", .operations, raw: CenterAPI.figures),
    .get("/v1/openapi.yaml", .anyone, raw: CenterAPI.description),
    .get("/v1/crl", .anyone, raw: CenterAPI.revocationList),
    .get("/v1/audit", .operator, CenterAPI.audit),

    .get("/v1/institutions", .certified, CenterAPI.institutions),
    .post("/v1/institutions", .operator, answering: .created, CenterAPI.addInstitution),
    .get("/v1/institutions/{code}", .certified, CenterAPI.institution),
    .put("/v1/institutions/{code}", .operator, CenterAPI.updateInstitution),

    .get("/v1/applications", .institution, CenterAPI.applications),
    .post("/v1/applications", .institution, answering: .created, CenterAPI.apply),
    .get("/v1/applications/{id}", .institution, CenterAPI.application),
    .post("/v1/applications/{id}/withdrawal", .institution, CenterAPI.withdrawApplication),
    .post("/v1/applications/{id}/card", .institution, CenterAPI.reserveCard),

    .get("/v1/cards", .institution, CenterAPI.cards),
    .get("/v1/cards/{vendor}/{serial}", .certified, CenterAPI.card),
    .post("/v1/cards/{vendor}/{serial}/keys-begun", .institution, CenterAPI.keysBegun),
    .post("/v1/cards/{vendor}/{serial}/keys-written", .institution, CenterAPI.keysWritten),
    .post("/v1/cards/{vendor}/{serial}/proof", .institution, CenterAPI.proveCard),
    .post("/v1/cards/{vendor}/{serial}/abandonment", .institution, CenterAPI.abandonCard),
    .post("/v1/cards/{vendor}/{serial}/loss", .institutionOrOperator, CenterAPI.reportLoss),
    .post("/v1/cards/{vendor}/{serial}/retirement", .institution, CenterAPI.retireCard),
    .post("/v1/cards/{vendor}/{serial}/unlock", .institution, CenterAPI.unlockCard),
    .get("/v1/cards/{vendor}/{serial}/registrations", .institution, CenterAPI.registrations),

    .post("/v1/registrations", .institution, answering: .created, CenterAPI.beginRegistration),
    .post("/v1/registrations/{id}/proof", .institution, CenterAPI.completeRegistration),
    .post("/v1/registrations/online", .institution, answering: .created, CenterAPI.registerOnline),
    .post("/v1/registrations/{id}/withdrawal", .institution, CenterAPI.withdrawRegistration),

    .post(
      "/v1/registration-codes", .institutionOrOperator, answering: .created,
      CenterAPI.issueRegistrationCode),
    .get("/v1/devices", .institutionOrOperator, CenterAPI.devices),
    .post("/v1/devices", .newcomer, answering: .created, CenterAPI.registerDevice),
    .get("/v1/devices/{id}", .institutionOrOperator, CenterAPI.device),
    .post("/v1/devices/{id}/revocation", .institutionOrOperator, CenterAPI.revokeDevice),

    .get("/v1/device", .device, CenterAPI.ownDevice),
    .post("/v1/device/renewal", .device, CenterAPI.renewCertificate),
    .get("/v1/device/cards", .device, CenterAPI.ownCards),
    .post("/v1/device/cards", .device, answering: .created, CenterAPI.addCard),
    .delete("/v1/device/cards/{vendor}/{serial}", .device, CenterAPI.removeCard),
    .get(
      "/v1/device/cards/{vendor}/{serial}/transactions", .device, CenterAPI.openTransactions),
    .get("/v1/device/events", .device, raw: CenterAPI.events),

    .get("/v1/transactions", .institution, CenterAPI.transactions),
    .post("/v1/transactions", .institution, answering: .created, CenterAPI.postTransaction),
    .get("/v1/transactions/{id}", .institutionOrDevice, CenterAPI.transaction),
    .post("/v1/transactions/{id}/claim", .device, CenterAPI.claim),
    .post("/v1/transactions/{id}/cancellation", .institutionOrDevice, CenterAPI.cancel),
    .post("/v1/transactions/{id}/verification", .institution, CenterAPI.verify),

    .get("/v1/tokens", .institution, CenterAPI.tokens),
    .get("/v1/tokens/{id}", .institution, CenterAPI.token),
    .post("/v1/tokens/{id}/verification", .institution, CenterAPI.verifyToken),
    .post("/v1/tokens/{id}/resynchronization", .institution, CenterAPI.resynchronizeToken),
    .post(
      "/v1/tokens/{id}/challenges", .institution, answering: .created, CenterAPI.challengeToken),
    .post("/v1/tokens/{id}/unlock", .institution, CenterAPI.unlockToken),
  ]
}
