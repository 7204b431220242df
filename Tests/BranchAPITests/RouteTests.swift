import Appliance
import Foundation
import SmartOTP
import Testing
import branch_fixture

@testable import BranchAPI

@Suite("Routes of the branch API")
struct RouteTests {
  @Test("The status is the appliance's, on either side", arguments: TestClient.Side.allCases)
  func status(side: TestClient.Side) async throws {
    try await TestBranch.run { branch in
      branch.appliance.become(.presenting, secondsLeft: 42)
      let reply = try await TestClient.with(branch, side) { try await $0.get("/v1/status") }
      let status = try reply.json(ApplianceStatus.self)
      #expect(status == branch.appliance.current)
      #expect(status.secondsLeft == 42)
      #expect(reply.headers["content-type"] == ["application/json"])
      #expect(reply.headers["cache-control"] == ["no-store"])
    }
  }

  @Test("A cancellation reaches the appliance")
  func cancel() async throws {
    try await TestBranch.run { branch in
      let reply = try await TestClient.with(branch) {
        try await $0.send(.POST, "/v1/session/cancel")
      }
      #expect(reply.status == 204 && reply.body.isEmpty)
      #expect(branch.appliance.cancellations == 1)
    }
  }

  @Test("The doctor's report comes as it is; where there is none, the reason")
  func doctor() async throws {
    try await TestBranch.run { branch in
      branch.appliance.answerDoctor(with: .success(ScriptedAppliance.report))
      try await TestClient.with(branch) { client in
        #expect(try await client.get("/v1/doctor").text == ScriptedAppliance.report)
        branch.appliance.answerDoctor(with: .failure(.unavailable("it is running already")))
        let refused = try await client.get("/v1/doctor")
        #expect(refused.status == 409)
        #expect(refused.problem?.detail == "it is running already")
      }
    }
  }

  @Test("The doctor runs once at a time, also when nobody waits for the report any more")
  func oneDoctor() async throws {
    try await TestBranch.run {
      $0.answerSeconds = 1
    } _: { branch in
      branch.appliance.hang(true)
      try await TestClient.with(branch) { client in
        #expect(try await client.get("/v1/doctor").status == 504)
        #expect(try await client.get("/v1/doctor").problem?.code == "unavailable")
        branch.appliance.hang(false)
        var reply = try await client.get("/v1/doctor")
        while reply.status == 409 { reply = try await client.get("/v1/doctor") }
        #expect(reply.status == 200)
      }
    }
  }

  @Test("Readers are listed")
  func readers() async throws {
    struct Readers: Decodable { let readers: [AttachedReaderStatus] }
    try await TestBranch.run { branch in
      let reply = try await TestClient.with(branch) { try await $0.get("/v1/readers") }
      #expect(try reply.json(Readers.self).readers == (await branch.appliance.readers()))
    }
  }

  @Test("HEAD has the fields of GET and no content; on events it ends")
  func head() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        let get = try await client.get("/")
        let head = try await client.send(.HEAD, "/")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.headers["content-length"] == ["\(get.body.count)"])
        #expect(try await client.send(.HEAD, "/v1/events").status == 200)
      }
    }
  }

  @Test("Other methods are refused with those there are, other addresses as absent")
  func absent() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        let method = try await client.send(.DELETE, "/v1/status")
        #expect(method.status == 405 && method.headers["allow"] == ["GET, HEAD"])
        #expect(try await client.get("/v1/session/cancel").headers["allow"] == ["POST"])
        for path in ["/v1", "/v1/status/", "//v1/status", "/V1/status", "/..%2f", "/favicon.ico"] {
          let reply = try await client.get(path)
          #expect(reply.status == 404 && reply.problem?.code == "not-found", "\(path)")
        }
      }
    }
  }

  @Test("A request has a name: the client's if it is sane, in the answer and in a problem")
  func requestID() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        let named = try await client.get("/nothing", headers: [("X-Request-Id", "teller-7")])
        #expect(named.headers["x-request-id"] == ["teller-7"])
        #expect(named.problem?.requestId == "teller-7")
        let odd = try await client.get("/healthz", headers: [("X-Request-Id", "a b")])
        #expect(odd.headers["x-request-id"].first?.utf8.count == 16)
      }
    }
  }

  @Test("The page and what it loads come with a strict policy, and name no other host")
  func page() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        for path in ["/", "/status.css", "/status.js", "/status-view.js"] {
          let reply = try await client.get(path)
          #expect(reply.status == 200)
          let policy = try #require(reply.headers["content-security-policy"].first)
          #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
          #expect(!policy.contains("unsafe"))
          #expect(reply.headers["x-content-type-options"] == ["nosniff"])
          #expect(!reply.text.contains("://"), "\(path)")
        }
        let page = try await client.get("/").text
        for inline in ["<style", " style=", " onclick=", "<script>"] {
          #expect(!page.contains(inline))
        }
      }
    }
  }

  @Test("An appliance that hangs does not hang its API", .timeLimit(.minutes(1)))
  func hanging() async throws {
    try await TestBranch.run {
      $0.answerSeconds = 1
    } _: { branch in
      branch.appliance.hang(true)
      try await TestClient.with(branch) { client in
        #expect(try await client.get("/healthz").status == 200)
        let reply = try await client.get("/v1/status")
        #expect(reply.status == 504 && reply.problem?.code == "timed-out")
        branch.appliance.hang(false)
        #expect(try await client.get("/v1/status").status == 200)
      }
    }
  }
}
