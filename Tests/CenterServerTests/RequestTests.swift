import Center
import Foundation
import SmartOTP
import Testing

@testable import CenterServer

@Suite("Requests that cannot be taken")
struct RequestTests {
  @Test("An address that is not there, and a method that it does not take, are problem documents")
  func addresses() async throws {
    try await TestCentre.run { centre in
      try await centre.with(nil) { client in
        let nothing = try await client.get("/v1/nothing")
        #expect(nothing.status == 404)
        #expect(nothing.code == .notFound)
        let method = try await client.send(.DELETE, "/v1/devices")
        #expect(method.status == 405)
        #expect(method.code == .methodNotAllowed)
        #expect(method.headers["allow"] == ["GET, POST"])
      }
    }
  }

  @Test("A refusal names the request as the client did, in field and document")
  func requestID() async throws {
    try await TestCentre.run { centre in
      try await centre.with(nil) { client in
        let named = try await client.send(.GET, "/v1/x", headers: [("X-Request-Id", "a-1.b_2")])
        #expect(named.headers["x-request-id"] == ["a-1.b_2"])
        #expect(try named.json(Problem.self).requestId == "a-1.b_2")
        let insane = try await client.send(.GET, "/v1/x", headers: [("X-Request-Id", "a b")])
        #expect(insane.headers["x-request-id"].first?.count == 16)
      }
    }
  }

  @Test(
    "A body that is not the message is refused, naming the key and never the value",
    arguments: [
      ("", 400, "JSON"), ("{", 400, "JSON"), ("[]", 400, "object"), ("\u{0}", 400, "JSON"),
      (#"{"code":"004","isSuspended":false}"#, 422, "name: it is missing"),
      (#"{"code":"secret","name":"A","isSuspended":false}"#, 422, "code: an institution code is"),
      (#"{"code":4,"name":"A","isSuspended":false}"#, 422, "code: it must be a string"),
      (#"{"code":"004","name":"A","isSuspended":"secret"}"#, 422, "isSuspended: it must be true"),
      (#"{"code":"004","name":"","isSuspended":false}"#, 422, "name: 1 to 128 bytes"),
      (#"{"code":"004","name":"a\nb","isSuspended":false}"#, 422, "name: no control characters"),
      (#"{"code":"004","name":"a\u202eb","isSuspended":false}"#, 422, "name: no control"),
    ])
  func messages(body: String, status: Int, words: String) async throws {
    try await TestCentre.run { centre in
      try await centre.with(centre.identity("op", .operator)) { client in
        let reply = try await client.send(.POST, "/v1/institutions", body: Array(body.utf8))
        let problem = try reply.json(Problem.self)
        #expect(problem.status == status && reply.status == status)
        #expect(problem.code == (status == 400 ? .malformedRequest : .invalidValue))
        #expect(problem.detail.contains(words), "\(problem.detail)")
        #expect(!problem.detail.contains("secret"))
      }
    }
  }

  @Test("A body that is too large, or no JSON, is refused before it is read")
  func bodies() async throws {
    try await TestCentre.run { centre in
      try await centre.with(centre.identity("op", .operator)) { client in
        let large = try await client.send(
          .POST, "/v1/institutions", body: [UInt8](repeating: 0x20, count: 65_537))
        #expect(large.code == .bodyTooLarge)
        let foreign = try await client.send(
          .POST, "/v1/institutions", body: Array("code=004".utf8),
          headers: [("Content-Type", "application/x-www-form-urlencoded")])
        #expect(foreign.code == .unsupportedMediaType)
        #expect(try await client.get("/v1/institutions").status == 200)
      }
    }
  }

  @Test("A text comes back in normalisation form C")
  func normalization() async throws {
    try await TestCentre.run { centre in
      try await centre.with(centre.identity("op", .operator)) { client in
        let decomposed = "Cafe\u{301} \u{1112}\u{1161}\u{11AB}"
        let reply = try await client.post(
          "/v1/institutions", Institution(code: InstitutionCode("004"), name: decomposed))
        let name = try reply.json(Institution.self).name
        #expect(Array(name.unicodeScalars) == Array("Caf\u{E9} \u{D55C}".unicodeScalars))
      }
    }
  }

  @Test(
    "Every refusal has a status, and a problem document that says its code",
    arguments: RefusalCode.allCases)
  func problems(code: RefusalCode) throws {
    let answer = Answer.problem(Refusal(code), requestID: "r")
    #expect(answer.status.code == code.httpStatus)
    guard case .bytes(let bytes) = answer.content else { throw Refusal(.internalError) }
    let problem = try JSONDecoder().decode(Problem.self, from: Data(bytes.readableBytesView))
    #expect(problem.code == code)
    #expect(problem.type == "/problems/\(code.rawValue)")
  }
}
