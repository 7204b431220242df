import Center
import SmartOTP
import Testing

@Suite("The log")
struct LogTests {
  @Test("At its most talkative it has each request, and no code, key, document or name")
  func secrets() async throws {
    let log = TestLog()
    try await TestCentre.run(log: log) { centre in
      let bank = try await TestBank(centre)
      let card = try await bank.issueCard()
      let device = try await bank.registerDevice()
      let added = try await bank.add(card, to: device)
      let claimed = try await bank.claim(bank.post(card), card, on: device)
      let right = try card.code(for: claimed)
      let wrong = try card.wrongCode(for: claimed)
      try await centre.with(bank.issuer) { client in
        let path = "/v1/transactions/\(claimed.id)/verification"
        _ = try await client.post(path, wrong)
        _ = try await client.post(path, right)
        _ = try await client.post(path, CodeSubmission(code: "no code"))
      }
      let text = log.text
      #expect(text.contains("/v1/transactions/{id}/verification"))
      #expect(text.contains("institution:004"))
      for secret in [
        right.code, wrong.code, "no code", "M12345678", "Kim Min-ji", "010-0000-0000",
        added.accessKey ?? "?", card.transactionKey.withUnsafeBytes { Array($0) }.hexadecimal,
      ] {
        #expect(!text.contains(secret))
      }
    }
  }
}
