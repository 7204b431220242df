import Foundation
import Testing

@Suite("smartotp-center pskc", .serialized)
struct KeyFileCommandTests {
  /// RFC 6030, figure 2, made usable: one HOTP token with the RFC 4226 key.
  static let tokens = """
    <?xml version="1.0" encoding="UTF-8"?>
    <KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">
      <KeyPackage>
        <DeviceInfo><Manufacturer>Manufacturer</Manufacturer><SerialNo>987654321</SerialNo></DeviceInfo>
        <Key Id="12345678" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:hotp">
          <AlgorithmParameters><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>
          <Data>
            <Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>
            <Counter><PlainValue>0</PlainValue></Counter>
          </Data>
        </Key>
      </KeyPackage>
    </KeyContainer>
    """

  @Test("A vendor's tokens are imported once")
  func tokens() throws {
    let center = try CenterProgram.initialized()
    defer { center.remove() }
    _ = try center.run("institution", "add", "004", "First bank")
    let file = try center.write(Self.tokens, to: "tokens.xml")
    let imported = try center.run("pskc", "import", file, "--institution", "004")
    #expect(imported.output.wholeMatch(of: /tok-[0-9A-Z]{16}  hotp  987654321\n/) != nil)
    let twice = try center.run("pskc", "import", file, "--institution", "004")
    #expect(twice.status == 65)
    #expect(!imported.output.contains("MTIz") && !twice.errors.contains("MTIz"))
  }

  @Test("A faulty file imports nothing and says where the fault is")
  func faulty() throws {
    let center = try CenterProgram.initialized()
    defer { center.remove() }
    _ = try center.run("institution", "add", "004", "First bank")
    let cut = try center.write(String(Self.tokens.dropLast(40)), to: "cut.xml")
    let outcome = try center.run("pskc", "import", cut, "--institution", "004")
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("smartotp-center: \(cut): "))
  }

  @Test("Without a way to protect them, keys are written only where that is asked for")
  func unprotected() throws {
    let center = try CenterProgram.initialized()
    defer { center.remove() }
    let outcome = try center.run(
      "pskc", "export-card", "app-0000000000000000", "--out", "card.xml")
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--plain"))
  }
}
