import SmartOTP

extension CenterAPI {
  func institutions(_ call: Call) async throws -> Page<Institution> {
    try await store.institutions(call.page())
  }

  func institution(_ call: Call) async throws -> Institution {
    try await store.institution(call.path.value("code", or: .institutionUnknown))
  }

  func addInstitution(_ call: Call, _ institution: Institution) async throws -> Institution {
    try await store.add(institution, as: call.caller)
  }

  func updateInstitution(_ call: Call, _ institution: Institution) async throws -> Institution {
    let code: InstitutionCode = try call.path.value("code", or: .institutionUnknown)
    guard institution.code == code else {
      throw Refusal(.invalidValue, "code: it is that of the address")
    }
    return try await store.update(institution, as: call.caller)
  }
}
