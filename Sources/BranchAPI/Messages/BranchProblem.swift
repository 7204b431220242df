import Appliance
import SmartOTP

/// The appliance's no, as an RFC 9457 problem document carries it.
struct BranchProblem: Error, Hashable, Sendable, Encodable {
  /// Relative, so that it names no host (RFC 9457, 3.1.1).
  let type: String
  let title: String
  let status: Int
  /// What happened and what to do, in one sentence.
  let detail: String
  /// What programs can rely on: one of ours, or one of the centre's.
  let code: String
  var requestId: String?
  /// With `restricted`.
  var impediments: [Impediment]?

  init(_ code: ProblemCode, _ detail: String? = nil) {
    self.init(
      code: code.rawValue, title: code.title, status: code.httpStatus, detail: detail ?? code.title)
  }

  private init(code: String, title: String, status: Int, detail: String) {
    type = "/problems/\(code)"
    self.title = title
    self.status = status
    self.detail = detail
    self.code = code
  }

  init(of refusal: BranchRefusal) {
    switch refusal {
    case .noInstitution: self.init(.noInstitution)
    case .unavailable(let reason): self.init(.unavailable, reason)
    case .center(let error): self.init(of: error)
    case .restricted(let impediments):
      self.init(
        .restricted, impediments.first.map { "\($0.finding): \($0.fix)" })
      self.impediments = impediments
    }
  }

  private init(of error: CenterServiceError) {
    switch error {
    case .refused(let refusal): self.init(of: refusal)
    case .unreachable: self.init(.centerUnreachable, error.description)
    case .timedOut: self.init(.centerTimedOut, error.description)
    case .interrupted: self.init(.centerInterrupted, error.description)
    case .tlsRefused: self.init(.centerNotTrusted, error.description)
    case .notACenter, .malformedAnswer: self.init(.centerFailed, error.description)
    case .cancelled: self.init(.centerInterrupted)
    }
  }

  /// The centre's own words. Its 401 is about the appliance's certificate, not about who asks here.
  private init(of refusal: Refusal) {
    let status = refusal.code.httpStatus
    self.init(
      code: refusal.code.rawValue, title: refusal.code.title,
      status: status == 401 || status == 500 ? 502 : status, detail: refusal.detail)
  }

  /// Whether the same request may succeed in a second.
  var mayPass: Bool { status == 503 && code != ProblemCode.restricted.rawValue || status == 429 }
}
