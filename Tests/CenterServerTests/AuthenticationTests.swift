import Center
import Cryptography
import Foundation
import SmartOTP
import Testing

@testable import CenterServer

@Suite("Who may call")
struct AuthenticationTests {
  @Test("A call without a client certificate is refused where one is needed, and only there")
  func noCertificate() async throws {
    try await TestCentre.run { centre in
      try await centre.with(nil) { client in
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await client.get("/readyz").status == 200)
        for route in CenterAPI.routes where !route.isOpen {
          let reply = try await client.send(.RAW(value: route.method.rawValue), route.path)
          #expect(reply.status == 401, "\(route.path)")
          #expect(reply.code == .certificateRequired, "\(route.path)")
        }
      }
    }
  }

  @Test("A certificate of a foreign authority fails the handshake")
  func foreignAuthority() async throws {
    try await TestCentre.run { centre in
      let foreign = try TestAuthority().client("004", role: "institution")
      try await expectNoConnection(centre, foreign)
    }
  }

  @Test("A certificate that has run out, or is not valid yet, fails the handshake")
  func outOfDate() async throws {
    try await TestCentre.run { centre in
      let day = TestAuthority.day
      for validity in [
        TestAuthority.validity(from: -2 * day, to: -60),
        TestAuthority.validity(from: day, to: 2 * day),
      ] {
        let identity = try centre.authority.client(
          "004", role: "institution", validity: validity)
        try await centre.store.record(
          identity.record(.institution), as: Caller(.operator("test"), at: .now))
        try await expectNoConnection(centre, identity)
      }
    }
  }

  @Test("A certificate that is made for servers fails the handshake")
  func serverCertificate() async throws {
    try await TestCentre.run { centre in
      let identity = try centre.authority.client(
        "004", role: "institution", usage: .serverAuthentication)
      try await expectNoConnection(centre, identity)
    }
  }

  @Test("A client that cannot speak TLS 1.3 gets no connection")
  func oldProtocol() async throws {
    try await TestCentre.run { centre in
      let client = try TestClient(
        port: centre.port, trusting: centre.authority.authority.certificate, identity: nil,
        maximum: .tlsv12)
      await #expect(throws: (any Error).self) { try await client.get("/healthz") }
      try await client.shutdown()
    }
  }

  @Test("A certificate without a role, with an unknown one, or with a name against it is nobody's")
  func unusable() async throws {
    try await TestCentre.run { centre in
      for (name, role) in [("004", nil), ("004", "teller"), ("not a code", "institution")] {
        let identity = try centre.authority.client(name, role: role)
        let reply = try await centre.with(identity) { try await $0.get("/v1/institutions") }
        #expect(reply.code == .certificateRequired)
      }
    }
  }

  @Test("A certificate that the centre has no record of is refused")
  func unrecorded() async throws {
    try await TestCentre.run { centre in
      let identity = try centre.authority.client("004", role: "institution")
      let reply = try await centre.with(identity) { try await $0.get("/v1/institutions") }
      #expect(reply.status == 401)
    }
  }

  @Test("A certificate revoked while its connection is open is refused at once")
  func revoked() async throws {
    try await TestCentre.run { centre in
      let identity = try await centre.identity("004", .institution)
      try await centre.with(identity) { client in
        #expect(try await client.get("/v1/institutions").status == 200)
        try await centre.store.revokeCertificate(
          serial: identity.certificate.serial, as: Caller(.operator("test"), at: .now))
        let reply = try await client.get("/v1/institutions")
        #expect(reply.status == 403)
        #expect(reply.code == .certificateRevoked)
      }
    }
  }

  @Test("Every route refuses the roles that it is not for")
  func wrongRole() async throws {
    var limits = RateLimits()
    limits.device = RateLimit(perSecond: 1_000, burst: 1_000)
    try await TestCentre.run(limits: limits) { centre in
      for role in Role.allCases {
        let name = role == .device ? try DeviceID.random().text : "004"
        try await centre.with(centre.identity(name, role)) { client in
          for route in CenterAPI.routes where !route.isOpen && !route.access.admits(role) {
            let reply = try await client.send(.RAW(value: route.method.rawValue), route.path)
            #expect(reply.code == .roleNotAllowed, "\(role) \(route.path)")
          }
        }
      }
    }
  }

  @Test("Figures are for operators, and for whoever is on the same machine")
  func figures() async throws {
    try await TestCentre.run { centre in
      let reply = try await centre.with(centre.identity("op", .operator)) {
        try await $0.get("/metrics")
      }
      #expect(reply.status == 200)
      let client = TestClient(localPort: centre.localPort)
      let text = String(decoding: try await client.get("/metrics").body, as: UTF8.self)
      try await client.shutdown()
      #expect(text.contains("route=\"/metrics\",status=\"200\",le=\"+Inf\"} 1\n"))
      #expect(text.contains("process_resident_memory_bytes "))
    }
  }

  private func expectNoConnection(_ centre: TestCentre, _ identity: ClientIdentity) async throws {
    let client = try centre.client(identity)
    await #expect(throws: (any Error).self) { try await client.get("/healthz") }
    try await client.shutdown()
  }
}
