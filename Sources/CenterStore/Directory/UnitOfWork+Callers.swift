import Center
import SmartOTP

extension UnitOfWork {
  /// Lets an institution act for itself, unless it is suspended; operators and the centre act for
  /// all.
  func require(_ caller: Caller, toBe institution: InstitutionCode) throws {
    switch caller.actor {
    case .institution(let code):
      guard code == institution else { throw Refusal(.notYours) }
      _ = try activeInstitution(code)
    case .operator, .center: break
    case .device, .anonymous: throw Refusal(.roleNotAllowed)
    }
  }

  func activeInstitution(_ code: InstitutionCode) throws -> Institution {
    guard let institution = try database.institution(code) else {
      throw Refusal(.institutionUnknown)
    }
    guard !institution.isSuspended else { throw Refusal(.institutionSuspended) }
    return institution
  }
}
