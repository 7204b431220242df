import Foundation
import SmartOTP
import Testing

@Suite("Applications and documents")
struct PeopleTests {
  static func form(
    kind: CustomerKind = .personal, hasNFCDevice: Bool = true
  ) throws -> ApplicationForm {
    ApplicationForm(
      customerName: "시험", customerKind: kind,
      identityDocument: try IdentityDocument(kind: .passport, number: "M12345678"),
      contact: "02-000-0000", hasNFCDevice: hasNFCDevice)
  }

  static func institution(issues: Bool = true, suspended: Bool = false) throws -> Institution {
    Institution(
      code: try InstitutionCode("004"), name: "Test bank",
      vendorCode: issues ? try VendorCode("K01") : nil, isSuspended: suspended)
  }

  @Test(
    "Personal customers and sole proprietors with a device are eligible",
    arguments: [
      CustomerKind.personal, .soleProprietor,
    ])
  func eligible(kind: CustomerKind) throws {
    #expect(try Self.form(kind: kind).ineligibility(at: Self.institution()).isEmpty)
  }

  @Test("Every reason against an application is given at once")
  func ineligible() throws {
    let form = try Self.form(kind: .corporate, hasNFCDevice: false)
    #expect(
      form.ineligibility(at: try Self.institution(issues: false)) == [
        .institutionDoesNotIssue, .corporateCustomer, .noNFCDevice,
      ])
    #expect(
      try Self.form().ineligibility(at: Self.institution(suspended: true)) == [
        .institutionDoesNotIssue
      ])
  }

  @Test("A document's number is the same with and without hyphens, spaces and capitals")
  func number() throws {
    let plain = try IdentityDocument(kind: .residentCard, number: "900101A234567")
    #expect(try IdentityDocument(kind: .residentCard, number: "900101-a23 4567") == plain)
    #expect(plain.lastCharacters == "567")
  }

  @Test("A document is named as ETSI EN 319 412-1 names it in certificates")
  func semanticIdentifier() throws {
    #expect(
      IdentityDocument(semanticIdentifier: "PASKR-M12345678")
        == (try IdentityDocument(kind: .passport, number: "M12345678")))
    #expect(
      IdentityDocument(semanticIdentifier: "DL:KR-1234567890")
        == (try IdentityDocument(kind: .driverLicence, number: "1234567890")))
    for text in ["", "PAS", "PASKR", "PASKRM12345678", "XXXKR-M12345678", "PASkr-M1234", "PASKR-"] {
      #expect(IdentityDocument(semanticIdentifier: text) == nil, "\(text)")
    }
  }

  @Test("Documents of another kind or country are hashed to something else")
  func hashedBytes() throws {
    let documents = [
      try IdentityDocument(kind: .passport, number: "12345678"),
      try IdentityDocument(kind: .driverLicence, number: "12345678"),
      try IdentityDocument(kind: .passport, country: "IN", number: "12345678"),
    ]
    #expect(Set(documents.map(\.hashedBytes)).count == 3)
  }

  @Test("No description or dump shows a document's number")
  func hidden() throws {
    var dumped = ""
    dump(try Self.form(), to: &dumped)
    #expect(!"\(try Self.form()) \(dumped)".contains("M12345678"))
  }

  @Test("A malformed document is refused while decoding, without being repeated")
  func decoding() throws {
    let json = Data(#"{"kind":"passport","number":"M!"}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(IdentityDocument.self, from: json)
    }
    #expect(!String(describing: error).contains("M!"))
  }
}
