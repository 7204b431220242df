import SmartOTP

extension CenterAPI {
  func applications(_ call: Call) async throws -> Page<CardApplication> {
    try await store.applications(at: call.institution(), call.page())
  }

  func apply(_ call: Call, _ form: ApplicationForm) async throws -> CardApplication {
    try await store.apply(form, at: call.institution(), as: call.caller)
  }

  func application(_ call: Call) async throws -> CardApplication {
    let id: ApplicationID = try call.path.value("id", or: .applicationUnknown)
    let application = try await store.application(id)
    try call.require(application.institution)
    return application
  }

  func withdrawApplication(_ call: Call) async throws -> CardApplication {
    try await store.withdraw(application(call).id, as: call.caller)
  }

  func reserveCard(_ call: Call, _ request: CardReservationRequest) async throws -> CardReservation
  {
    let application = try await application(call)
    let (card, keys) = try await store.reserveCard(
      for: application.id, serial: request.serial, as: call.caller)
    return CardReservation(
      card: card.card, state: card.state, keys: try call.holder().seal(keys, for: card.card))
  }
}
