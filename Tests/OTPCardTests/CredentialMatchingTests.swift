import Testing

@testable import OTPCard

@Suite("Choosing a credential by what a person typed")
struct CredentialMatchingTests {
  private func credentials(_ names: String...) throws -> [OATHCredential] {
    try names.map { try Fixtures.totp($0) }
  }

  @Test("The exact name wins over names that contain it")
  func exact() throws {
    let all = try credentials("bank", "bank:me", "bank:you")
    #expect(try all.matching("bank").name.text == "bank")
    #expect(try all.matching("bank:me").name.text == "bank:me")
  }

  @Test("The label without its period is as good as the name")
  func label() throws {
    let all = try credentials("60/bank:me", "bank:me too")
    #expect(try all.matching("bank:me").name.text == "60/bank:me")
    #expect(try all.matching("60/bank:me").name.text == "60/bank:me")
  }

  @Test("A part of the label will do when it fits only one, in either case")
  func part() throws {
    let all = try credentials("Bank:alice", "bank:bob", "은행:철수")
    #expect(try all.matching("ALICE").name.text == "Bank:alice")
    #expect(try all.matching("철수").name.text == "은행:철수")
  }

  @Test("A part that fits several is ambiguous and names them")
  func ambiguous() throws {
    let all = try credentials("Bank:alice", "bank:bob", "shop:carol")
    #expect(
      throws: OATHError.ambiguousCredential([all[0].name, all[1].name])
    ) { try all.matching("bank") }
  }

  @Test("Two periods of one label are ambiguous")
  func ambiguousLabel() throws {
    let all = try credentials("30/me", "60/me")
    #expect(throws: OATHError.ambiguousCredential(all.map(\.name))) { try all.matching("me") }
    #expect(try all.matching("60/me").name.text == "60/me")
  }

  @Test("Nothing fits: neither a stranger, nor the empty text, nor the period's digits")
  func none() throws {
    let all = try credentials("60/bank:me")
    for text in ["shop", "", "60"] {
      #expect(throws: OATHError.noSuchCredential) { try all.matching(text) }
    }
    #expect(throws: OATHError.noSuchCredential) { try [OATHCredential]().matching("me") }
  }
}
