import Center
import SmartOTP
import Testing

@Suite("Rules of requests")
struct RequestRuleTests {
  private static let card = CardIdentity(
    vendorCode: VendorCode(accepted: "K01"), serial: Serial(accepted: "12345678"))

  private func request(
    fields: [TransactionField] = [], reference: String? = nil, lifetime: Int64? = nil
  ) -> TransactionRequest {
    TransactionRequest(
      card: Self.card, kind: .transfer, fields: fields, reference: reference,
      lifetimeSeconds: lifetime)
  }

  private func text(_ count: Int) -> String { String(repeating: "a", count: count) }

  @Test("Field counts, lengths and lifetimes are kept to, at their very edges")
  func edges() {
    let field = TransactionField(label: text(64), value: text(512))
    #expect(request(fields: Array(repeating: field, count: 32), lifetime: 30).refusal == nil)
    #expect(request(fields: Array(repeating: field, count: 33)).refusal?.code == .invalidValue)
    #expect(request(lifetime: 3600).refusal == nil)
    for lifetime in [29, 3601, -1, .max] as [Int64] {
      #expect(request(lifetime: lifetime).refusal?.code == .invalidValue)
    }
    for bad in [
      TransactionField(label: "", value: "x"), TransactionField(label: text(65), value: "x"),
      TransactionField(label: "x", value: text(513)),
    ] {
      #expect(request(fields: [bad]).refusal?.code == .invalidValue)
    }
  }

  @Test(
    "Characters that would steer a display are refused",
    arguments: ["\u{1B}[2J", "a\nb", "\u{7F}", "\u{9B}2J", "a\0b"])
  func controls(text: String) {
    let field = TransactionField(label: "payee", value: text)
    #expect(request(fields: [field]).refusal?.code == .invalidValue)
    #expect(request(reference: text).refusal?.code == .invalidValue)
  }

  @Test("Every reason against an application is named in its refusal")
  func ineligibility() {
    var form = ApplicationForm(
      customerName: "Kim", customerKind: .corporate,
      identityDocument: .test, contact: "010", hasNFCDevice: false)
    let institution = Institution(code: InstitutionCode(accepted: "004"), name: "Bank")
    let refusal = form.refusal(at: institution)
    #expect(refusal?.code == .ineligible)
    for reason in Ineligibility.allCases {
      #expect(refusal?.detail.contains(reason.explanation) == true)
    }
    form.customerName = ""
    #expect(form.refusal(at: institution)?.code == .invalidValue)
  }

  @Test("A signed request is fresh for five minutes either way")
  func freshness() {
    let request = OnlineRegistrationRequest(
      card: Self.card, institution: InstitutionCode(accepted: "020"),
      nonce: text(32), time: UnixTime(10_000))
    #expect(request.refusal(at: UnixTime(10_300)) == nil)
    #expect(request.refusal(at: UnixTime(10_301))?.code == .requestStale)
    #expect(request.refusal(at: UnixTime(9700)) == nil)
    #expect(request.refusal(at: UnixTime(9699))?.code == .requestFromFuture)
  }

  @Test("A registration code serves its purpose, its card and its ten minutes, once")
  func registrationCodes() {
    for purpose in RegistrationCodeRequest.Purpose.allCases {
      for isForThisCard in [true, false] {
        for isUsed in [true, false] {
          for now in [UnixTime(599), UnixTime(600)] {
            let standing = RegistrationCodeStanding(
              purpose: purpose, isForThisCard: isForThisCard, isUsed: isUsed,
              expiresAt: UnixTime(600))
            let isGood = !isUsed && now == UnixTime(599)
            #expect(standing.registersDevice(at: now) == (isGood && purpose == .device))
            #expect(
              standing.registersCard(at: now) == (isGood && purpose == .card && isForThisCard))
          }
        }
      }
    }
  }
}

extension IdentityDocument {
  fileprivate static let test: IdentityDocument = {
    do { return try IdentityDocument(kind: .passport, number: "M12345678") } catch {
      preconditionFailure("a passport's number")
    }
  }()
}
