import Cryptography
import SmartOTP
import Testing

@testable import CenterClient

@Suite("Calls to a centre")
struct CallTests {
  private let device = """
    {"id":"dev-7ZK3QJ0V5N2M8R4T","name":"branch 7","state":"active","institution":"004",\
    "registeredAt":1,"certificateExpiresAt":2,"later":{"unknown":[]}}
    """
  private let problem = """
    {"type":"/problems/card-lost","title":"t","status":409,"detail":"the card K01:1234 is lost",\
    "code":"card-lost","requestId":"r"}
    """

  private func card() throws -> CardIdentity { try CardIdentity("K01:12345678") }

  @Test("An answer becomes its value; what it holds beyond that is passed over")
  func value() async throws {
    let authority = try TestAuthority()
    let found = try await withCenter(
      authority: authority, identity: authority.identity(),
      reply: Script { [device] _, _ in .json(200, device) }
    ) { client, center in
      let found = try await client.device()
      #expect(center.requests.map(\.line) == ["GET /v1/device"])
      return found
    }
    #expect(found.name == "branch 7")
  }

  @Test("A problem document becomes the refusal it names")
  func refusal() async throws {
    try await withCenter(
      authority: try TestAuthority(), reply: Script { [problem] _, _ in .problem(409, problem) }
    ) { client, center in
      await #expect(
        throws: CenterServiceError.refused(Refusal(.cardLost, "the card K01:1234 is lost"))
      ) { try await client.device() }
      #expect(center.requests.count == 1)
    }
  }

  @Test("A problem of a later version keeps its words; no control character reaches the terminal")
  func unknownProblem() async throws {
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { _, _ in .problem(409, #"{"code":"new","detail":"no \#u{5C}u001b[31mway"}"#) }
    ) { client, _ in
      await #expect(
        throws: CenterServiceError.refused(Refusal(.malformedRequest, "no  [31mway"))
      ) { try await client.device() }
    }
  }

  @Test("What answers in another way than a centre is not one")
  func notACenter() async throws {
    try await withCenter(
      authority: try TestAuthority(), reply: Script { _, _ in .plain(404, "<html>") }
    ) { client, _ in
      await #expect(
        throws: CenterServiceError.notACenter("HTTP status 404 without a problem document")
      ) { try await client.device() }
    }
  }

  @Test("An answer that breaks the protocol is told by its key, never by its value")
  func malformed() async throws {
    let answer = #"{"card":{"vendorCode":"K01","serial":"x secret"},"issuer":"004"}"#
    try await withCenter(
      authority: try TestAuthority(), reply: Script { _, _ in .json(200, answer) }
    ) { client, _ in
      let request = DeviceCardRequest(
        code: try RegistrationCode(typed: "7ZK3Q-J0V5N"), card: try self.card())
      await #expect(
        throws: CenterServiceError.malformedAnswer("DeviceCard, card.serial")
      ) { try await client.addCard(request) }
    }
  }

  @Test("An answer beyond a megabyte is given up")
  func endless() async throws {
    let long = String(repeating: " ", count: CenterAnswer.maximumByteCount + 1)
    try await withCenter(
      authority: try TestAuthority(), reply: Script { _, _ in .json(200, long) }
    ) { client, _ in
      await #expect(throws: CenterServiceError.malformedAnswer("it is too long")) {
        try await client.device()
      }
    }
  }

  @Test("A creation is sent again with its own key when the line breaks before the answer")
  func keyedRepeat() async throws {
    let application = """
      {"id":"app-7ZK3QJ0V5N2M8R4T","institution":"004","customer":"cus-7ZK3QJ0V5N2M8R4T",\
      "customerName":"n","state":"open","createdAt":1}
      """
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { _, number in number < 3 ? .close : .json(201, application) }
    ) { client, center in
      let form = ApplicationForm(
        customerName: "n", customerKind: .personal,
        identityDocument: try IdentityDocument(kind: .passport, number: "M1234"), contact: "c",
        hasNFCDevice: true)
      _ = try await client.apply(form)
      _ = try await client.apply(form)
      let keys = center.requests.map { $0.headers.first(name: "Idempotency-Key") }
      #expect(keys.count == 4)
      #expect(keys[0] != nil && keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3])
      #expect(center.requests[0].body == center.requests[2].body)
    }
  }

  @Test("A transaction is posted under the key that is given, with the same bytes each time")
  func givenKey() async throws {
    let transaction = """
      {"id":"T-7ZK3QJ0V5N2M8R4T","institution":"004","card":{"vendorCode":"K01",\
      "serial":"12345678"},"kind":"transfer","fields":[],"state":"pending","createdAt":1,\
      "expiresAt":301,"attemptsLeft":5,"nonce":"000102030405060708090a0b0c0d0e0f"}
      """
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { _, number in number == 1 ? .close : .json(201, transaction) }
    ) { client, center in
      let request = TransactionRequest(
        card: try self.card(), kind: .transfer,
        fields: [TransactionField(label: "payee", value: "n")], reference: "r-1")
      for _ in 0..<20 { _ = try await client.post(request, idempotencyKey: "branch-7-0001") }
      _ = try await client.post(request)
      let keys = center.requests.map { $0.headers.first(name: "Idempotency-Key") }
      #expect(keys.dropLast().allSatisfy { $0 == "branch-7-0001" } && keys.count == 22)
      #expect(keys.last != "branch-7-0001" && keys.last != .some(nil))
      #expect(Set(center.requests.map(\.body)).count == 1)
    }
  }

  @Test("A code is sent once, whatever becomes of the answer")
  func unrepeatable() async throws {
    try await withCenter(authority: try TestAuthority(), reply: Script { _, _ in .close }) {
      client, center in
      let transaction = try TransactionID("T-1")
      await #expect {
        try await client.verify(CodeSubmission(code: "123456"), for: transaction)
      } throws: { error in
        if case CenterServiceError.interrupted = error { true } else { false }
      }
      #expect(center.requests.map(\.line) == ["POST /v1/transactions/T-1/verification"])
    }
  }

  @Test("A centre that is busy is asked again, a bounded number of times")
  func busy() async throws {
    let problem = #"{"code":"unavailable","detail":"busy"}"#
    try await withCenter(
      authority: try TestAuthority(), reply: Script { _, _ in .problem(503, problem) }
    ) { client, center in
      await #expect(throws: CenterServiceError.refused(Refusal(.unavailable, "busy"))) {
        try await client.verify(CodeSubmission(code: "123456"), for: TransactionID("T-1"))
      }
      #expect(center.requests.count == 4)
    }
  }

  @Test("Silence ends at the call's time")
  func silence() async throws {
    try await withCenter(
      authority: try TestAuthority(),
      callTime: .milliseconds(300), reply: Script { _, _ in .silence }
    ) { client, center in
      await #expect(throws: CenterServiceError.timedOut) { try await client.device() }
      #expect(center.requests.count == 1)
    }
  }

  @Test("A cancelled call says so")
  func cancelled() async throws {
    try await withCenter(authority: try TestAuthority(), reply: Script { _, _ in .silence }) {
      client, _ in
      let call = Task { try await client.device() }
      call.cancel()
      await #expect(throws: CenterServiceError.cancelled) { try await call.value }
    }
  }

  @Test("Nobody at the address: unreachable, with the system's reason")
  func unreachable() async throws {
    let authority = try TestAuthority()
    let center = try await ScriptedCenter(authority.server()) { _, _ in .close }
    var configuration = CenterClientConfiguration(
      address: try #require(CenterAddress("localhost:\(center.port)")), authority: authority.pem)
    configuration.retry.base = .milliseconds(1)
    await center.close()
    let client = try CenterClient(configuration)
    await #expect(throws: CenterServiceError.unreachable("Connection refused")) {
      try await client.device()
    }
    await client.shutdown()
  }

  @Test("A list is read page by page; one that does not end is given up")
  func pages() async throws {
    let card = #"{"card":{"vendorCode":"K01","serial":"1234"},"issuer":"004","issuerName":"n"}"#
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { request, _ in
        request.uri.contains("cursor=a%20b")
          ? .json(200, #"{"items":[\#(card)]}"#) : .json(200, #"{"items":[\#(card)],"next":"a b"}"#)
      }
    ) { client, center in
      let cards = try await client.deviceCards()
      #expect(cards.count == 2)
      #expect(
        center.requests.map(\.uri) == [
          "/v1/device/cards?limit=200", "/v1/device/cards?limit=200&cursor=a%20b",
        ])
    }
    try await withCenter(
      authority: try TestAuthority(),
      reply: Script { _, _ in .json(200, #"{"items":[],"next":"a"}"#) }
    ) { client, _ in
      await #expect(throws: CenterServiceError.malformedAnswer("a list without end")) {
        try await client.deviceCards()
      }
    }
  }
}
