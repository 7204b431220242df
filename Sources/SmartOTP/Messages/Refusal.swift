/// The centre's no, as an RFC 9457 problem document carries it: a code that programs know, and a
/// sentence for people.
public struct Refusal: Error, Hashable, Sendable, Codable, CustomStringConvertible {
  public let code: RefusalCode
  /// What happened and what to do, in one sentence.
  public let detail: String

  public init(_ code: RefusalCode, _ detail: String? = nil) {
    self.code = code
    self.detail = detail ?? code.title
  }

  public var description: String { detail }
}

/// Every reason the centre has to say no. The raw value is the last part of the problem's `type`.
public enum RefusalCode: String, CaseIterable, Sendable, Codable {
  // The request as such.
  case malformedRequest = "malformed-request"
  case invalidValue = "invalid-value"
  case bodyTooLarge = "body-too-large"
  case unsupportedMediaType = "unsupported-media-type"
  case notFound = "not-found"
  case methodNotAllowed = "method-not-allowed"
  case idempotencyConflict = "idempotency-conflict"
  case rateLimited = "rate-limited"
  case unavailable
  case internalError = "internal-error"
  // Who asks.
  case certificateRequired = "certificate-required"
  case certificateRevoked = "certificate-revoked"
  case roleNotAllowed = "role-not-allowed"
  case notYours = "not-yours"
  case institutionSuspended = "institution-suspended"
  // Institutions and applications.
  case institutionUnknown = "institution-unknown"
  case institutionExists = "institution-exists"
  case ineligible
  case applicationUnknown = "application-unknown"
  case applicationClosed = "application-closed"
  // Cards.
  case cardUnknown = "card-unknown"
  case cardExists = "card-exists"
  case cardState = "card-state"
  case cardLost = "card-lost"
  case cardLocked = "card-locked"
  case cardNotLocked = "card-not-locked"
  case proofWrong = "proof-wrong"
  case proofNotExpected = "proof-not-expected"
  case documentMismatch = "document-mismatch"
  // Registration with institutions.
  case alreadyRegistered = "already-registered"
  case notRegistered = "not-registered"
  case registrationUnknown = "registration-unknown"
  case signatureMalformed = "signature-malformed"
  case signatureInvalid = "signature-invalid"
  case signerExpired = "signer-expired"
  case signerNotYetValid = "signer-not-yet-valid"
  case signerUntrusted = "signer-untrusted"
  case signerRevoked = "signer-revoked"
  case revocationUnknown = "revocation-unknown"
  case signerNotCardholder = "signer-not-cardholder"
  case requestStale = "request-stale"
  case requestFromFuture = "request-from-future"
  case requestReplayed = "request-replayed"
  case requestForAnother = "request-for-another"
  // Devices.
  case registrationCodeInvalid = "registration-code-invalid"
  case certificateRequestInvalid = "certificate-request-invalid"
  case deviceUnknown = "device-unknown"
  case deviceRevoked = "device-revoked"
  case issuerTaken = "issuer-taken"
  case cardNotOnDevice = "card-not-on-device"
  // Transactions and tokens.
  case transactionUnknown = "transaction-unknown"
  case transactionState = "transaction-state"
  case transactionExpired = "transaction-expired"
  case tokenUnknown = "token-unknown"
  case tokenExists = "token-exists"
  case tokenLocked = "token-locked"

  public var httpStatus: Int {
    switch self {
    case .malformedRequest: 400
    case .certificateRequired: 401
    case .certificateRevoked, .roleNotAllowed, .notYours, .institutionSuspended, .documentMismatch,
      .deviceRevoked, .cardNotOnDevice, .registrationCodeInvalid, .notRegistered,
      .signerNotCardholder, .requestForAnother, .signerExpired, .signerNotYetValid,
      .signerUntrusted, .signerRevoked, .revocationUnknown:
      403
    case .notFound, .institutionUnknown, .applicationUnknown, .cardUnknown, .registrationUnknown,
      .deviceUnknown, .transactionUnknown, .tokenUnknown:
      404
    case .methodNotAllowed: 405
    case .institutionExists, .applicationClosed, .cardExists, .cardState, .cardLost, .cardNotLocked,
      .proofNotExpected, .alreadyRegistered, .issuerTaken, .transactionState, .transactionExpired,
      .requestReplayed, .tokenExists, .idempotencyConflict:
      409
    case .bodyTooLarge: 413
    case .unsupportedMediaType: 415
    case .invalidValue, .ineligible, .proofWrong, .signatureMalformed, .signatureInvalid,
      .requestStale, .requestFromFuture, .certificateRequestInvalid:
      422
    case .cardLocked, .tokenLocked: 423
    case .rateLimited: 429
    case .internalError: 500
    case .unavailable: 503
    }
  }

  /// The problem in general, without this case's names.
  public var title: String {
    switch self {
    case .malformedRequest: "the request is not what this address takes"
    case .invalidValue: "a value in the request breaks its rule"
    case .bodyTooLarge: "the request's body is too large"
    case .unsupportedMediaType: "the request's body must be application/json"
    case .notFound: "there is nothing at this address"
    case .methodNotAllowed: "this address does not take that method"
    case .idempotencyConflict: "the idempotency key was used for another request"
    case .rateLimited: "too many requests: wait and try again"
    case .unavailable: "the centre cannot answer just now: try again"
    case .internalError: "the centre failed; the request id names the case in its log"
    case .certificateRequired: "a client certificate is needed"
    case .certificateRevoked: "the client certificate was revoked"
    case .roleNotAllowed: "the client certificate's role may not do this"
    case .notYours: "this belongs to somebody else"
    case .institutionSuspended: "the institution is suspended"
    case .institutionUnknown: "no institution has that code"
    case .institutionExists: "an institution has that code or vendor code already"
    case .ineligible: "the application cannot be taken"
    case .applicationUnknown: "no application has that id"
    case .applicationClosed: "the application is issued or withdrawn"
    case .cardUnknown: "no card has that vendor code and serial number"
    case .cardExists: "a card has that vendor code and serial number already"
    case .cardState: "the card is not in a state for this"
    case .cardLost: "the card was reported lost"
    case .cardLocked: "the card is locked after too many wrong codes: its issuer unlocks it"
    case .cardNotLocked: "the card is not locked"
    case .proofWrong: "the card did not prove its key"
    case .proofNotExpected: "no proof is expected from this card: ask for a challenge first"
    case .documentMismatch: "the identity document is not the cardholder's"
    case .alreadyRegistered: "the card is registered there already"
    case .notRegistered: "the card is not registered with this institution"
    case .registrationUnknown: "no registration has that id"
    case .signatureMalformed: "the signed request cannot be read"
    case .signatureInvalid: "the signature is not of this request: it was altered"
    case .signerExpired: "the signer's certificate, or one above it, has expired"
    case .signerNotYetValid: "the signer's certificate, or one above it, is not valid yet"
    case .signerUntrusted: "the signer's certificate does not lead to an accredited authority"
    case .signerRevoked: "the signer's certificate, or one above it, was revoked"
    case .revocationUnknown: "there is no current revocation list for the signer's certificate"
    case .signerNotCardholder: "the signer is not the cardholder"
    case .requestStale: "the request was signed too long ago: sign a new one"
    case .requestFromFuture: "the request's time is in the future: check the signer's clock"
    case .requestReplayed: "the request was used before: sign a new one"
    case .requestForAnother: "the request names another institution"
    case .registrationCodeInvalid: "the registration code is wrong, used or out of date"
    case .certificateRequestInvalid: "the certificate request cannot be taken"
    case .deviceUnknown: "no device has that id"
    case .deviceRevoked: "the device was revoked: register it again"
    case .issuerTaken: "another card of the same issuer is on this device"
    case .cardNotOnDevice: "the card is not registered on this device"
    case .transactionUnknown: "no transaction has that id"
    case .transactionState: "the transaction is not in a state for this"
    case .transactionExpired: "the transaction has run out of time"
    case .tokenUnknown: "no token has that id"
    case .tokenExists: "a token has that manufacturer and serial number already"
    case .tokenLocked: "the token is locked after too many wrong codes"
    }
  }

  /// The `type` of the problem document (RFC 9457, 3.1.1): relative, so that it names no host.
  public var type: String { "/problems/\(rawValue)" }
}
