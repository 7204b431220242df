import Foundation
import PSKC
import Testing

@Suite("Files that mean harm")
struct HostileFileTests {
  @Test(
    "A DOCTYPE is refused before the parser sees it, whatever it declares",
    arguments: [
      "<!DOCTYPE KeyContainer>",
      "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]>",
      "<!DOCTYPE x [<!ENTITY file SYSTEM 'file:///etc/passwd'>]>",
      "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>", "<!-- > --><!DOCTYPE x>",
      "<!DOCTYPE x [<!NOTATION n PUBLIC 'p'>]>",
    ])
  func documentType(declaration: String) throws {
    let text = try Figure.text(3).changing("?>\n", to: "?>\n\(declaration)")
    #expect(fault(text)?.reason == .documentTypeDeclaration)
    let entity = try text.changing("<Issuer>Issuer", to: "<Issuer>&c;&file;")
    #expect(fault(entity)?.reason == .documentTypeDeclaration)
  }

  @Test("Processing instructions are refused: the parser crashes at one without data")
  func processingInstructions() throws {
    for instruction in ["<?x?>", "<?x y?>", "<?xml version='1.0'?>", "<?xml-stylesheet?>", "<??>"] {
      let inside = try Figure.text(3).changing("<Issuer>", to: "<Issuer>\(instruction)")
      #expect(fault(inside)?.reason == .processingInstruction)
      let behind = try Figure.text(3) + instruction
      #expect(fault(behind)?.reason == .processingInstruction)
    }
    #expect(try fault("<?x?>" + Figure.text(3))?.reason == .processingInstruction)
  }

  @Test("The words may stand in a comment and in character data")
  func documentTypeInText() throws {
    let text = try Figure.text(3).changing(
      "<Issuer>Issuer", to: "<!-- <!DOCTYPE x> --><Issuer><![CDATA[<!DOCTYPE]]>")
    #expect(try read(text).keys.first?.issuer == "<!DOCTYPE")
  }

  @Test("Entities that nobody declared are refused; XML's own and numbers are read")
  func entities() throws {
    let undeclared = try Figure.text(3).changing("<Issuer>Issuer", to: "<Issuer>&x;")
    #expect(fault(undeclared)?.reason == .malformed(line: 14))
    let known = try Figure.text(3).changing("<Issuer>Issuer", to: "<Issuer>A&amp;B &#65;&#xD55C;")
    #expect(try read(known).keys.first?.issuer == "A&B A\u{D55C}")
  }

  @Test(
    "Other encodings than UTF-8 are refused, declared or not",
    arguments: ["ISO-8859-1", "UTF-16", "utf-7", "EBCDIC-CP-US", "", "UTF-8-X"])
  func encodings(name: String) throws {
    let text = try Figure.text(3).changing("\"UTF-8\"", to: "\"\(name)\"")
    #expect(fault(text)?.reason == .notUTF8)
  }

  @Test("UTF-8 is read under its names, with and without a byte order mark")
  func utf8() throws {
    for declaration in ["encoding='utf-8'", "encoding = \"US-ASCII\"", ""] {
      let text = try Figure.text(3).changing("encoding=\"UTF-8\"", to: declaration)
      #expect(try read(text).keys.count == 1)
      #expect(try read("\u{FEFF}" + text).keys.count == 1)
    }
    let utf16 = try Figure.text(3).data(using: .utf16) ?? Data()
    #expect(throws: PSKCError.self) { try PSKCContainer(xml: Array(utf16)) }
    let broken = try Array(Figure.text(3).utf8).map { $0 == UInt8(ascii: "C") ? 0xC3 : $0 }
    #expect(throws: PSKCError.self) { try PSKCContainer(xml: broken) }
    #expect(try fault(Figure.text(3).changing("Issuer", to: "\0"))?.reason == .notUTF8)
  }

  @Test("A file cut off after any of its bytes is refused as one that ends early")
  func truncation() throws {
    for number in [5, 6] {
      let bytes = try Array(Figure.text(number).utf8)
      let whole = try #require(bytes.lastIndex(of: UInt8(ascii: ">")))
      for count in 0...whole {
        do {
          _ = try PSKCContainer(
            xml: Array(bytes.prefix(count)), unlocking: number == 6 ? Figure.key : .none)
          Issue.record("read a file of \(count) bytes")
        } catch {
          #expect(error.reason == .truncated, "\(count) bytes: \(error)")
        }
      }
    }
  }

  @Test("What follows the root element is refused")
  func trailing() throws {
    for rest in ["<x/>", "text", "<KeyContainer/>", "&#0;"] {
      let error = try fault(Figure.text(3) + rest)
      #expect(error.map { if case .malformed = $0.reason { true } else { false } } == true)
    }
    #expect(try read(Figure.text(3) + "<!-- a comment -->\n").keys.count == 1)
  }

  @Test("Depth, elements, tags, keys and bytes have limits")
  func limits() throws {
    func reason(_ text: String) -> PSKCError.Reason? { fault(text)?.reason }
    let figure = try Figure.text(3)
    let deep = String(repeating: "<x>", count: 40) + String(repeating: "</x>", count: 40)
    #expect(
      try reason(figure.changing("<KeyPackage>", to: "<KeyPackage>\(deep)"))
        == .tooDeep(maximum: 32))
    let deeper = String(repeating: "<x>", count: 100_000)
    #expect(
      try reason(figure.changing("<KeyPackage>", to: "<KeyPackage>\(deeper)"))
        == .tooDeep(maximum: 32))
    let wide = String(repeating: "<x/>", count: 500)
    #expect(
      try reason(figure.changing("<KeyPackage>", to: "<KeyPackage>\(wide)"))
        == .tooManyElements(maximum: 500))
    let attributes = (0..<1000).map { " a\($0)='>'" }.joined()
    #expect(
      try reason(figure.changing("<KeyPackage>", to: "<KeyPackage\(attributes)>"))
        == .tagTooLong(maximum: 4096))

    var limits = PSKCLimits()
    limits.keyCount = 3
    let four = try Array(Figure.text(10).utf8)
    #expect(throws: PSKCError.self) { try PSKCContainer(xml: four, limits: limits) }
    limits.keyCount = 4
    #expect(try PSKCContainer(xml: four, limits: limits).keys.count == 4)
    limits.byteCount = four.count - 1
    #expect(throws: PSKCError.self) { try PSKCContainer(xml: four, limits: limits) }
  }

  @Test("A long file is read: libxml2's own limit of ten megabytes is not in its way")
  func longFile() throws {
    let package = try Figure.text(10)
    let start = try #require(package.range(of: "<KeyPackage>")).lowerBound
    let end = try #require(package.range(of: "</KeyContainer>")).lowerBound
    let white = String(repeating: String(repeating: " ", count: 127) + "\n", count: 8 * 1024)
    let packages = String(repeating: package[start..<end] + white, count: 12)
    #expect(try read(package[..<start] + packages + "</KeyContainer>").keys.count == 48)
  }

  @Test("The limit of keys ends a salvage too")
  func salvagedLimits() throws {
    var limits = PSKCLimits()
    limits.keyCount = 3
    let four = try Array(Figure.text(10).utf8)
    do {
      _ = try PSKCContainer.salvage(xml: four, limits: limits)
      Issue.record("read more keys than allowed")
    } catch {
      #expect(error.reason == .tooManyKeys(maximum: 3))
    }
  }

  @Test("What a file says is shown in printable ASCII, and only the start of it")
  func descriptions() throws {
    let evil = "\u{9B}31m\u{202E}" + String(repeating: "x", count: 500)
    let text = try Figure.text(3).changing("987654321", to: evil).changing("hotp", to: evil)
    let description = try #require(fault(text)).description
    #expect(description.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    #expect(description.utf8.count < 400)
    #expect(
      try fault(Figure.text(4))?.description
        == """
        key package 1, serial number "987654321", key "12345678": KeyPackage/Key/KeyReference: \
        the secret is not in the file but derived from a master key
        """)
  }
}
