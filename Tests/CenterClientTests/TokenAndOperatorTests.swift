import SmartOTP
import Testing

@testable import CenterClient

@Suite("Calls about tokens, and an operator's")
struct TokenAndOperatorTests {
  private static let tokenText = """
    {"id":"tok-7ZK3QJ0V5N2M8R4T","institution":"004","kind":"hotp","manufacturer":"oath.ACME",\
    "serial":"0755225266","wrongCodes":10}
    """
  private static let deviceText = """
    {"id":"dev-7ZK3QJ0V5N2M8R4T","name":"branch 7","state":"revoked","institution":"004",\
    "registeredAt":1,"certificateExpiresAt":2}
    """
  private static let institutionText = #"{"code":"088","name":"Nuri","isSuspended":true}"#

  /// One call, its answer, and the request it made.
  private func call<Value: Sendable>(
    _ answer: String, status: Int = 200, expecting line: String, body: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: @Sendable (CenterClient) async throws -> Value
  ) async throws -> Value {
    let authority = try TestAuthority()
    return try await withCenter(
      authority: authority, identity: authority.identity(),
      reply: Script { _, _ in .json(status, answer) }
    ) { client, center in
      let value = try await call(client)
      #expect(center.requests.map(\.line) == [line], sourceLocation: sourceLocation)
      if let body {
        #expect(
          center.requests.first?.body == body,
          sourceLocation: sourceLocation)
      }
      return value
    }
  }

  @Test("A token is listed, shown, verified, found again, asked and unlocked")
  func tokens() async throws {
    let id = try TokenID("tok-7ZK3QJ0V5N2M8R4T")
    let path = "/v1/tokens/\(id)"
    let page = #"{"items":[\#(Self.tokenText)]}"#
    let listed = try await call(page, expecting: "GET /v1/tokens?limit=200") {
      try await $0.tokens()
    }
    #expect(listed.map(\.id) == [id] && listed.first?.isLocked == true)
    let shown = try await call(Self.tokenText, expecting: "GET \(path)") { try await $0.token(id) }
    #expect(shown == listed.first)
    let verified = try await call(
      #"{"result":"accepted","tokenLocked":false}"#, expecting: "POST \(path)/verification",
      body: #"{"code":"755224"}"#
    ) { try await $0.verify(CodeSubmission(code: "755224"), of: id) }
    #expect(verified.result == .accepted)
    let found = try await call(
      #"{"result":"wrong","tokenLocked":true}"#, expecting: "POST \(path)/resynchronization"
    ) {
      try await $0.resynchronize(id, ResynchronizationRequest(first: "755224", second: "287082"))
    }
    #expect(found.tokenLocked)
    let asked = try await call(
      #"{"question":"12345678","expiresAt":9}"#, status: 201, expecting: "POST \(path)/challenges"
    ) { try await $0.challenge(id) }
    #expect(asked.question == "12345678")
    _ = try await call(Self.tokenText, expecting: "POST \(path)/unlock") {
      try await $0.unlock(id)
    }
  }

  @Test("A token's code is sent once, whatever becomes of the answer")
  func unrepeatable() async throws {
    try await withCenter(authority: try TestAuthority(), reply: Script { _, _ in .close }) {
      client, center in
      await #expect(throws: CenterServiceError.self) {
        try await client.verify(
          CodeSubmission(code: "123456"), of: TokenID("tok-7ZK3QJ0V5N2M8R4T"))
      }
      #expect(center.requests.count == 1)
    }
  }

  @Test("An operator reads the audit page by page, and sees to devices and institutions")
  func operation() async throws {
    let page = try await call(
      #"{"items":[{"number":7,"time":1,"actor":"center","action":"card.lost","subject":"card:K01:1234","detail":"","hash":"00"}],"next":"c2"}"#,
      expecting: "GET /v1/audit?limit=1&cursor=c1"
    ) { try await $0.audit(PageRequest(cursor: "c1", limit: 1)) }
    #expect(page.items.map(\.action) == ["card.lost"] && page.next == "c2")
    let id = try DeviceID("dev-7ZK3QJ0V5N2M8R4T")
    let devices = try await call(
      #"{"items":[\#(Self.deviceText)]}"#, expecting: "GET /v1/devices?limit=200"
    ) { try await $0.devices() }
    #expect(devices.map(\.id) == [id])
    let device = try await call(Self.deviceText, expecting: "GET /v1/devices/\(id)") {
      try await $0.device(id)
    }
    #expect(device == devices.first)
    _ = try await call(
      Self.deviceText, expecting: "POST /v1/devices/\(id)/revocation",
      body: #"{"reason":"stolen"}"#
    ) { try await $0.revoke(id, reason: "stolen") }
    let institution = Institution(
      code: try InstitutionCode("088"), name: "Nuri", isSuspended: true)
    let added = try await call(
      Self.institutionText, status: 201, expecting: "POST /v1/institutions"
    ) { try await $0.add(institution) }
    let updated = try await call(Self.institutionText, expecting: "PUT /v1/institutions/088") {
      try await $0.update(institution)
    }
    #expect(added == institution && updated == institution)
  }
}
