/// Every reason of its own that the appliance has to say no. The raw value is the last part of the
/// problem's `type`.
enum ProblemCode: String, CaseIterable, Sendable {
  // The request as such.
  case malformedRequest = "malformed-request"
  case invalidValue = "invalid-value"
  case headerTooLarge = "header-too-large"
  case bodyTooLarge = "body-too-large"
  case unsupportedMediaType = "unsupported-media-type"
  case notFound = "not-found"
  case methodNotAllowed = "method-not-allowed"
  case idempotencyConflict = "idempotency-conflict"
  // Who asks.
  case hostNotAllowed = "host-not-allowed"
  case tokenRequired = "token-required"
  case tokenWrong = "token-wrong"
  // How the appliance is.
  case busy
  case timedOut = "timed-out"
  case noInstitution = "no-institution"
  case restricted
  case unavailable
  case internalError = "internal-error"
  // The centre.
  case centerUnreachable = "center-unreachable"
  case centerTimedOut = "center-timed-out"
  case centerInterrupted = "center-interrupted"
  case centerNotTrusted = "center-not-trusted"
  case centerFailed = "center-failed"

  var httpStatus: Int {
    switch self {
    case .malformedRequest: 400
    case .tokenRequired, .tokenWrong: 401
    case .noInstitution: 403
    case .notFound: 404
    case .methodNotAllowed: 405
    case .idempotencyConflict, .unavailable: 409
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .hostNotAllowed: 421
    case .invalidValue: 422
    case .headerTooLarge: 431
    case .internalError: 500
    case .centerInterrupted, .centerNotTrusted, .centerFailed: 502
    case .busy, .restricted, .centerUnreachable: 503
    case .timedOut, .centerTimedOut: 504
    }
  }

  /// The problem in general.
  var title: String {
    switch self {
    case .malformedRequest: "the request is not what this address takes"
    case .invalidValue: "a value in the request breaks its rule"
    case .headerTooLarge: "the request's header is too large"
    case .bodyTooLarge: "the request's body is too large"
    case .unsupportedMediaType: "the request's body must be application/json"
    case .notFound: "there is nothing at this address"
    case .methodNotAllowed: "this address does not take that method"
    case .idempotencyConflict: "the idempotency key belongs to another request"
    case .hostNotAllowed: "this port is asked as localhost, 127.0.0.1 or [::1] only"
    case .tokenRequired: "a token is needed: Authorization: Bearer TOKEN"
    case .tokenWrong: "the token is not the one that the appliance is configured with"
    case .busy: "too much is being asked at once: try again"
    case .timedOut: "the appliance did not answer in time"
    case .noInstitution:
      "no institution's certificate is configured here: post transactions at the centre"
    case .restricted: "the appliance is restricted until its impediments are removed"
    case .unavailable: "the appliance cannot do this now"
    case .internalError: "the appliance failed; the request id names the case in its log"
    case .centerUnreachable: "the centre cannot be reached"
    case .centerTimedOut: "the centre did not answer in time; it may have done what was asked"
    case .centerInterrupted: "the centre's answer broke off; it may have done what was asked"
    case .centerNotTrusted: "the centre and this appliance do not trust each other"
    case .centerFailed: "the centre's answer makes no sense"
    }
  }
}
