import Appliance
import Foundation
import SmartOTP
import Testing
import branch_fixture

@Suite("Transactions from the branch's software")
struct TransactionTests {
  private static let body = """
    {"card":{"vendorCode":"K01","serial":"12345678"},"kind":"transfer",\
    "fields":[{"label":"payee","value":"시험용 수취인"}]}
    """

  @Test("A transaction is posted, and comes back as the centre has it")
  func posted() async throws {
    let transaction = try ScriptedAppliance.transaction()
    try await TestBranch.run { branch in
      branch.appliance.answerTransactions(with: .success(transaction))
      let reply = try await TestClient.with(branch) {
        try await $0.post("/v1/transactions", Self.body)
      }
      #expect(reply.status == 201)
      #expect(try reply.json(Transaction.self) == transaction)
      #expect(branch.appliance.submitted.first?.fields.first?.value == "시험용 수취인")
    }
  }

  @Test("Under one key it is posted once, and another request under that key is refused")
  func idempotent() async throws {
    let key = [("Idempotency-Key", "teller-7-0001")]
    try await TestBranch.run { branch in
      branch.appliance.answerTransactions(with: .success(try ScriptedAppliance.transaction()))
      try await TestClient.with(branch) { client in
        let first = try await client.post("/v1/transactions", Self.body, headers: key)
        let again = try await client.post("/v1/transactions", Self.body, headers: key)
        #expect(first.status == 201 && again.status == 201 && first.body == again.body)
        #expect(branch.appliance.submitted.count == 1)
        let other = Self.body.replacingOccurrences(of: "12345678", with: "87654321")
        let conflict = try await client.post("/v1/transactions", other, headers: key)
        #expect(conflict.status == 409 && conflict.problem?.code == "idempotency-conflict")
        let unkeyed = try await client.post("/v1/transactions", Self.body)
        #expect(unkeyed.status == 201 && branch.appliance.submitted.count == 2)
      }
    }
  }

  @Test(
    "What was not answered is sent again under its key, with that key for the centre",
    arguments: [CenterServiceError.unreachable("no route"), .timedOut, .interrupted("reset")])
  func sentAgain(trouble: CenterServiceError) async throws {
    let key = [("Idempotency-Key", "branch-7-0001")]
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        branch.appliance.answerTransactions(with: .failure(.center(trouble)))
        let failed = try await client.post("/v1/transactions", Self.body, headers: key)
        #expect(failed.status >= 500)
        branch.appliance.answerTransactions(with: .success(try ScriptedAppliance.transaction()))
        for _ in 0..<2 {
          let again = try await client.post("/v1/transactions", Self.body, headers: key)
          #expect(again.status == 201)
        }
        // The centre knows by the key whether it took the first; the third was known here.
        #expect(branch.appliance.submittedKeys == ["branch-7-0001", "branch-7-0001"])
      }
    }
  }

  @Test("Without a key the appliance makes up none")
  func unkeyed() async throws {
    try await TestBranch.run { branch in
      branch.appliance.answerTransactions(with: .success(try ScriptedAppliance.transaction()))
      let reply = try await TestClient.with(branch) {
        try await $0.post("/v1/transactions", Self.body)
      }
      #expect(reply.status == 201 && branch.appliance.submittedKeys == [nil])
    }
  }

  @Test(
    "Each refusal is a problem document of its own",
    arguments: [
      (BranchRefusal.noInstitution, 403, "no-institution"),
      (.unavailable("not here"), 409, "unavailable"),
      (.center(.refused(Refusal(.cardLost))), 409, "card-lost"),
      (.center(.refused(Refusal(.certificateRequired))), 502, "certificate-required"),
      (.center(.refused(Refusal(.rateLimited))), 429, "rate-limited"),
      (.center(.tlsRefused(.centerNotTrusted)), 502, "center-not-trusted"),
      (.center(.malformedAnswer("x")), 502, "center-failed"),
      (
        .restricted([Impediment(.stateExposed, finding: "mode 0755", fix: "chmod 0700")]), 503,
        "restricted"
      ),
    ] as [(BranchRefusal, Int, String)])
  func refusals(refusal: BranchRefusal, status: Int, code: String) async throws {
    try await TestBranch.run { branch in
      branch.appliance.answerTransactions(with: .failure(refusal))
      let reply = try await TestClient.with(branch) {
        try await $0.post("/v1/transactions", Self.body)
      }
      let problem = try #require(reply.problem)
      #expect(reply.status == status && problem.status == status && problem.code == code)
      #expect(problem.type == "/problems/\(code)" && !problem.detail.isEmpty)
      if case .restricted = refusal { #expect(reply.text.contains("chmod 0700")) }
    }
  }

  @Test(
    "A message that breaks a rule is refused with the key and the rule, never the value",
    arguments: [
      (#"{"card":{"vendorCode":"K01","serial":"12345678"},"kind":"transfer"}"#, 422, "fields"),
      (
        #"{"card":{"vendorCode":"k-lower","serial":"12345678"},"kind":"login","fields":[]}"#, 422,
        "card.vendorCode: a vendor code is 1 to 8"
      ),
      (
        #"{"card":{"vendorCode":"K01","serial":"12345678"},"kind":"k-lower","fields":[]}"#, 422,
        "kind"
      ),
      ("[]", 400, "not a JSON object"), ("{", 400, "not JSON"), ("", 400, "not JSON"),
    ])
  func malformed(body: String, status: Int, words: String) async throws {
    try await TestBranch.run { branch in
      let reply = try await TestClient.with(branch) {
        try await $0.post("/v1/transactions", body)
      }
      #expect(reply.status == status)
      let problem = try #require(reply.problem)
      #expect(problem.detail.contains(words) && !problem.detail.contains("k-lower"))
      #expect(branch.appliance.submitted.isEmpty)
    }
  }

  @Test("Only JSON is taken, and a key is visible ASCII")
  func form() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        let type = try await client.post(
          "/v1/transactions", Self.body, headers: [("Content-Type", "text/plain")])
        #expect(type.status == 415)
        let key = try await client.post(
          "/v1/transactions", Self.body, headers: [("Idempotency-Key", "a b")])
        #expect(key.status == 422)
        let size = try await client.post(
          "/v1/transactions", String(repeating: " ", count: 70_000) + Self.body)
        #expect(size.status == 413 && size.problem?.code == "body-too-large")
        // The connection goes on.
        #expect(try await client.get("/healthz").status == 200)
      }
    }
  }
}
