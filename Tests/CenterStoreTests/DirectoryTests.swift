import Center
import SmartOTP
import Testing

@testable import CenterStore

@Suite("The directory of institutions")
struct DirectoryTests {
  @Test("Codes and vendor codes are taken once, in the rules and in the database")
  func uniqueness() async throws {
    let centre = try await TestCentre.withBanks()
    await expectRefusal(.institutionExists) {
      try await centre.store.add(
        Institution(code: TestCentre.bank, name: "Again"), as: .office)
    }
    let rival = Institution(
      code: InstitutionCode(accepted: "088"), name: "Rival",
      vendorCode: VendorCode(accepted: "K01"))
    await expectRefusal(.institutionExists) { try await centre.store.add(rival, as: .office) }
    await expectRefusal(.institutionExists) {
      try await centre.store.update(
        Institution(
          code: TestCentre.otherBank, name: "Other", vendorCode: VendorCode(accepted: "K01")),
        as: .office)
    }
  }

  @Test("A vendor code with cards cannot be taken away")
  func vendorCodes() async throws {
    let centre = try await TestCentre.withBanks()
    _ = try await centre.activeCard()
    await expectRefusal(.invalidValue) {
      try await centre.store.update(
        Institution(code: TestCentre.bank, name: "First Bank"), as: .office)
    }
    let renamed = Institution(
      code: TestCentre.bank, name: "Renamed", vendorCode: VendorCode(accepted: "K01"))
    #expect(try await centre.store.update(renamed, as: .office) == renamed)
    try await centre.expectSound()
  }

  @Test("The list is in order of codes, and pages follow one another")
  func listing() async throws {
    let centre = try TestCentre()
    for code in ["9", "004", "A1", "020"] {
      _ = try await centre.store.add(
        Institution(code: InstitutionCode(accepted: code), name: "Bank \(code)"), as: .office)
    }
    let first = try await centre.store.institutions(PageRequest(limit: 3))
    #expect(first.items.map(\.code.text) == ["004", "020", "9"])
    let rest = try await centre.store.institutions(PageRequest(cursor: first.next, limit: 3))
    #expect(rest.items.map(\.code.text) == ["A1"])
    #expect(rest.next == nil)
  }

  @Test("A customer is known again by the document, under the name last given")
  func customers() async throws {
    let centre = try await TestCentre.withBanks()
    let first = try await centre.apply(name: "Kim Minji")
    let second = try await centre.apply(name: "Kim Min-ji")
    #expect(second.customer == first.customer)
    #expect(try await centre.store.application(first.id).customerName == "Kim Minji")
    let records = try await centre.store.audit(PageRequest(limit: 200)).items
    #expect(records.contains { $0.action == "customer.renamed" })
  }
}
