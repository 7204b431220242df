import Cryptography
import Foundation
import Testing

@testable import BranchAPI

@Suite("Who may use the branch API")
struct AccessTests {
  @Test("The loopback port takes its token, the page asks for none, and nothing else is open")
  func token() async throws {
    try await TestBranch.run { branch in
      let shown = try await TestClient.with(branch, .loopback) { try await $0.get("/v1/status") }
      #expect(shown.status == 200)
      try await TestClient.with(branch, .loopback, token: nil) { client in
        for route in BranchCalls.routes {
          let reply = try await client.send(.init(rawValue: route.method.rawValue), route.path)
          switch route.access {
          case .anyone: #expect(reply.status == 200, "\(route.path)")
          case .token:
            #expect(reply.status == 401 && reply.problem?.code == "token-required", "\(route.path)")
            #expect(reply.headers["www-authenticate"] == ["Bearer"])
          }
        }
      }
      #expect(branch.appliance.cancellations == 0)
    }
  }

  @Test(
    "A wrong token is refused, and told from a missing one",
    arguments: ["0123456789abcdeF", "0123456789abcde", "0123456789abcdef0", "x"])
  func wrong(token: String) async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch, .loopback, token: token) { client in
        let reply = try await client.get("/v1/status")
        #expect(reply.status == 401 && reply.problem?.code == "token-wrong")
        #expect(!reply.text.contains(token) || token == "x")
      }
    }
  }

  @Test("Another scheme shows no token; the scheme's case does not matter")
  func scheme() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch, .loopback, token: nil) { client in
        for (field, status) in [
          ("Basic \(TestBranch.token)", 401), (TestBranch.token, 401), ("Bearer", 401),
          ("bearer  \(TestBranch.token)", 200),
        ] {
          let reply = try await client.get("/v1/status", headers: [("Authorization", field)])
          #expect(reply.status == status, "\(field)")
        }
      }
    }
  }

  @Test("A foreign host name is refused even with the token; the socket does not mind")
  func host() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch, .loopback) { client in
        for host in ["attacker.example", "attacker.example:\(branch.port)", "127.0.0.1.example"] {
          for path in ["/v1/status", "/", "/nothing"] {
            let reply = try await client.get(path, headers: [("Host", host)])
            #expect(reply.status == 421 && reply.problem?.code == "host-not-allowed", "\(host)")
          }
        }
        #expect(
          try await client.get("/v1/status", headers: [("Host", "localhost:9")]).status == 200)
      }
      let other = try await TestClient.with(branch) {
        try await $0.get("/v1/status", headers: [("Host", "teller.example")])
      }
      #expect(other.status == 200)
    }
  }

  @Test(
    "This machine's names are its own, with any port",
    arguments: [
      ("localhost", true), ("LOCALHOST:8480", true), ("127.0.0.1", true), ("127.0.0.1:1", true),
      ("[::1]", true), ("[::1]:8480", true), ("", false), ("localhost:", true),
      ("localhost.", false), ("localhost:80a", false), ("localhost:123456", false),
      ("localhost@attacker.example", false), ("127.0.0.2", false), ("[::1].example", false),
    ])
  func names(host: String, isOwn: Bool) {
    #expect(Admission.isOwn(host) == isOwn)
    #expect(!Admission.isOwn(nil))
  }

  @Test("No other site's page gets leave to read an answer")
  func origin() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch, .loopback) { client in
        for method in ["GET", "OPTIONS"] {
          let reply = try await client.send(
            .init(rawValue: method), "/v1/status", headers: [("Origin", "https://attacker.example")]
          )
          #expect(reply.headers.allSatisfy { !$0.name.lowercased().hasPrefix("access-control") })
        }
      }
    }
  }

  @Test("A token is 16 or more visible characters; a line feed at its end does not count")
  func tokens() throws {
    for text in ["", "short", "0123456789abcde\n", "0123456789abcde f", "0123456789abcdé"] {
      #expect(throws: BranchServerError.tokenUnusable, "\(text)") {
        try BranchServerConfiguration.Loopback(port: 1, token: SecretBytes(Array(text.utf8)))
      }
    }
    let plain = try BearerToken.digest(of: SecretBytes(Array("0123456789abcdef".utf8)))
    #expect(try BearerToken.digest(of: SecretBytes(Array("0123456789abcdef\r\n".utf8))) == plain)
    #expect(throws: BranchServerError.portOutOfRange(65_536)) {
      try BranchServerConfiguration.Loopback(
        port: 65_536, token: SecretBytes(Array("0123456789abcdef".utf8)))
    }
  }
}
