import Center
import Foundation
import SmartOTP
import Testing

@testable import CenterServer

@Suite("Lists and repeated requests")
struct ListTests {
  @Test("A list comes in parts that join without a gap or an overlap")
  func paging() async throws {
    try await TestCentre.run { centre in
      try await centre.with(centre.identity("op", .operator)) { client in
        let codes = (0..<7).map { "C\($0)" }
        for code in codes {
          let institution = Institution(code: try InstitutionCode(code), name: code)
          #expect(try await client.post("/v1/institutions", institution).status == 201)
        }
        var seen: [String] = []
        var path: String? = "/v1/institutions?limit=3"
        while let current = path {
          let page: Page<Institution> = try await client.get(current).json()
          #expect(page.items.count <= 3)
          seen += page.items.map(\.code.text)
          path = page.next.map { "/v1/institutions?limit=3&cursor=\($0)" }
        }
        #expect(seen == codes)
      }
    }
  }

  @Test(
    "A limit out of range is refused",
    arguments: ["limit=0", "limit=201", "limit=x", "limit=", "limit=+5", "cursor=", "cursor=%00"])
  func limits(query: String) async throws {
    try await TestCentre.run { centre in
      let reply = try await centre.with(centre.identity("op", .operator)) {
        try await $0.get("/v1/institutions?\(query)")
      }
      #expect(reply.code == .invalidValue)
    }
  }

  @Test("A request repeated with its key is answered as the first time; another one is refused")
  func idempotency() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      try await centre.with(bank.issuer) { client in
        let key = [("Idempotency-Key", "k-1")]
        let first: CardApplication = try await client.post(
          "/v1/applications", TestBank.form(), headers: key
        ).json()
        let again: CardApplication = try await client.post(
          "/v1/applications", TestBank.form(), headers: key
        ).json()
        #expect(again == first)
        let other = try await client.post(
          "/v1/applications", TestBank.form("Someone else"), headers: key)
        #expect(other.code == .idempotencyConflict)
        let page: Page<CardApplication> = try await client.get("/v1/applications").json()
        #expect(page.items == [first])
        let malformed = try await client.post(
          "/v1/applications", TestBank.form(), headers: [("Idempotency-Key", "a b")])
        #expect(malformed.code == .invalidValue)
      }
    }
  }

  @Test("A device whose first answer was lost gets a certificate for the same device")
  func repeatedEnrolment() async throws {
    try await TestCentre.run { centre in
      let bank = try await TestBank(centre)
      let code: IssuedRegistrationCode = try await centre.with(bank.issuer) {
        try await $0.post("/v1/registration-codes", RegistrationCodeRequest(purpose: .device))
          .json()
      }
      let request = try TestDevice.request(code.code)
      try await centre.with(nil) { client in
        let key = [("Idempotency-Key", "enrol")]
        let first: IssuedDeviceCertificate = try await client.post(
          "/v1/devices", request, headers: key
        ).json()
        let again: IssuedDeviceCertificate = try await client.post(
          "/v1/devices", request, headers: key
        ).json()
        #expect(again.device.id == first.device.id)
        #expect(again.certificates != first.certificates)
      }
    }
  }
}
