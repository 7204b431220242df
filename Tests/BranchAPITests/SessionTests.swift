import Appliance
import Foundation
import SmartOTP
import Testing
import branch_fixture

@testable import BranchAPI

@Suite("The session for a branch's own screen")
struct SessionTests {
  struct Session: Decodable {
    struct Words: Decodable {
      let headline: String
      let fields: [TransactionField]
      let notice: String?
      let timeLeft: String?
    }

    struct Details: Decodable {
      let id: TransactionID
      let fields: [TransactionField]
    }

    let phase: String?
    let language: Language
    let words: Words?
    let notice: String?
    let secondsLeft: Int?
    let transaction: Details?
    let code: String?
  }

  private func code() -> ShownCode { ShownCode([0, 4, 2, 9, 1, 7], number: 1) }

  @Test("A transaction comes with its fields, words in the asked language, and the time left")
  func transaction() async throws {
    let transaction = try ScriptedAppliance.transaction()
    try await TestBranch.run { branch in
      branch.appliance.show(
        Picture(
          .screen(.transaction(transaction, until: Moment(milliseconds: 0))),
          notice: .card(.otherCard), secondsLeft: 42))
      try await TestClient.with(branch) { client in
        let session = try await client.get("/v1/session").json(Session.self)
        #expect(session.phase == "presenting" && session.language == .english)
        #expect(session.transaction?.id == transaction.id)
        #expect(session.transaction?.fields == transaction.fields)
        #expect(session.words?.headline == "Please check this transaction")
        #expect(session.words?.fields.contains(transaction.fields[1]) == true)
        #expect(session.notice == "card-other-card" && session.secondsLeft == 42)
        #expect(session.words?.timeLeft == "42 seconds left")
        let korean = try await client.get("/v1/session?language=ko").json(Session.self)
        #expect(korean.language == .korean && korean.words?.headline != session.words?.headline)
        let other = try await client.get("/v1/session?language=de")
        #expect(other.status == 422 && other.problem?.code == "invalid-value")
      }
    }
  }

  @Test(
    "The code is there while it is shown, where that is configured, and never stored on the way")
  func shown() async throws {
    try await TestBranch.run {
      $0.showsCode = true
    } _: { branch in
      let code = code()
      branch.appliance.show(
        Picture(.code(code, for: .transaction(try ScriptedAppliance.transaction()))))
      try await TestClient.with(branch) { client in
        let reply = try await client.get("/v1/session")
        #expect(try reply.json(Session.self).code == "042917")
        #expect(reply.headers["cache-control"] == ["no-store"])
        code.wipe()
        let after = try await client.get("/v1/session").json(Session.self)
        #expect(after.code == nil && after.phase == "showing")
      }
    }
  }

  @Test("The code is nowhere else: not in the session unasked, the status, events, figures or log")
  func secret() async throws {
    let log = TestLog()
    try await TestBranch.run(log: log) { branch in
      branch.appliance.show(
        Picture(.code(code(), for: .transaction(try ScriptedAppliance.transaction()))))
      branch.appliance.become(.showing, secondsLeft: 60)
      try await TestClient.with(branch) { client in
        for path in ["/v1/session", "/v1/status", "/metrics", "/v1/readers", "/"] {
          let reply = try await client.get(path)
          #expect(reply.status == 200 && !reply.text.contains("042917"), "\(path)")
        }
      }
    }
    let shownLog = TestLog()
    try await TestBranch.run(log: shownLog) {
      $0.showsCode = true
    } _: { branch in
      branch.appliance.show(
        Picture(.code(code(), for: .transaction(try ScriptedAppliance.transaction()))))
      _ = try await TestClient.with(branch, .loopback) { try await $0.get("/v1/session") }
    }
    for text in [log.text, shownLog.text] {
      #expect(text.contains("/v1/session"))
      #expect(!text.contains("042917") && !text.contains(TestBranch.token))
    }
  }

  @Test("The bytes that carried the code are overwritten where they lie")
  func wiped() throws {
    let picture = Picture(.code(code(), for: .transaction(try ScriptedAppliance.transaction())))
    let answer = try SessionPicture(picture, language: .english).encoded(with: code())
    guard case .secret(let content) = answer.content else {
      Issue.record("the answer is not marked as secret")
      return
    }
    #expect(String(buffer: content.buffer).hasSuffix(",\"code\":\"042917\"}"))
    let storage = content.buffer.withUnsafeReadableBytes { $0 }
    content.wipe()
    // The content still has its storage, which nothing else has taken.
    #expect(storage.allSatisfy { $0 == 0 })
    withExtendedLifetime(content) {}
  }

  @Test("A stopped appliance shows nothing, a restricted one says why")
  func others() async throws {
    try await TestBranch.run { branch in
      try await TestClient.with(branch) { client in
        branch.appliance.show(Picture(.blank))
        let blank = try await client.get("/v1/session").json(Session.self)
        #expect(blank.phase == nil && blank.words == nil)
        branch.appliance.show(Picture(.screen(.restricted([.stateExposed]))))
        let text = try await client.get("/v1/session").text
        #expect(text.contains("\"restrictions\":[\"state-exposed\"]"))
      }
    }
  }
}
