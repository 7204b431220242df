import PSKC
import Testing

@Suite("Salvaging what is right")
struct SalvageTests {
  @Test("The good keys come out, and each fault names its package")
  func partial() throws {
    let text = try Figure.text(10)
      .changing("MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", to: "MTIz!")
      .changing("2006-03-01T", to: "2006-03-32T")
    let salvage = try PSKCContainer.salvage(xml: Array(text.utf8))
    #expect(salvage.container.keys.map(\.id) == ["2", "4"])
    #expect(salvage.faults.map(\.package?.number) == [1, 3])
    #expect(salvage.faults.map(\.package?.serialNumber) == ["654321", "9999999"])
    #expect(
      salvage.faults.map(\.element)
        == ["KeyPackage/Key/Data/Secret/PlainValue", "KeyPackage/Key/Policy/StartDate"])
    #expect(fault(text) == salvage.faults.first)
  }

  @Test("A package with a wrong MAC is left out")
  func tampering() throws {
    let text = try Figure.text(6).changing("Su+NvtQf", to: "Tu+NvtQf")
    let salvage = try PSKCContainer.salvage(xml: Array(text.utf8), unlocking: Figure.key)
    #expect(salvage.container.keys.isEmpty)
    #expect(salvage.faults.map(\.reason) == [.macMismatch])
  }

  @Test("A fault of the whole file leaves nothing to salvage")
  func wholeFile() throws {
    for text in [try Figure.text(10).changing("</KeyContainer>", to: ""), try Figure.text(6)] {
      #expect(throws: PSKCError.self) { try PSKCContainer.salvage(xml: Array(text.utf8)) }
    }
  }
}
