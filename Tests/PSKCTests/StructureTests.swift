import Foundation
import OneTimePassword
import PSKC
import Testing

@Suite("The structure of a container")
struct StructureTests {
  private static let base = container()

  @Test("Another root, namespace or version is refused")
  func root() throws {
    #expect(fault("<a/>")?.reason == .notAKeyContainer)
    let namespace = try Self.base.changing("keyprov:pskc\">", to: "keyprov:pskc:1.0\">")
    #expect(fault(namespace)?.reason == .notAKeyContainer)
    let version = try Self.base.changing("1.0", to: "2.0")
    #expect(fault(version)?.reason == .unsupportedVersion("2.0"))
    let none = try Self.base.changing(" Version=\"1.0\"", to: "")
    #expect(fault(none)?.reason == .missingAttribute("Version"))
  }

  @Test("An empty container has no keys")
  func empty() throws {
    let xml = "<KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'/>"
    #expect(try read(xml).keys.isEmpty)
  }

  @Test(
    "An element that the schema does not have there is refused by its path",
    arguments: [
      ("<KeyPackage>", "<KeyPackage><Kye/>", "KeyPackage/Kye"),
      ("<SerialNo>", "<SerialNumber/><SerialNo>", "KeyPackage/DeviceInfo/SerialNumber"),
      ("<Secret>", "<Secret><Value/>", "KeyPackage/Key/Data/Secret/Value"),
      ("</Data>", "</Data><Polcy/>", "KeyPackage/Key/Polcy"),
      ("<KeyPackage>", "<Policy/><KeyPackage>", "Policy"),
      ("</KeyContainer>", "<MACMethod Algorithm='x'/></KeyContainer>", "MACMethod"),
      ("S1", "S<b/>1", "KeyPackage/DeviceInfo/SerialNo/b"),
    ])
  func unexpected(old: String, new: String, path: String) throws {
    let error = try fault(Self.base.changing(old, to: new))
    #expect(error?.reason == .unexpectedElement)
    #expect(error?.element == path)
  }

  @Test("An element that is there twice is refused")
  func repeated() throws {
    for (old, new) in [
      ("<SerialNo>", "<SerialNo>S0</SerialNo><SerialNo>"),
      ("<Data>", "<Data><Secret><PlainValue>MTIz</PlainValue></Secret>"),
      ("<PlainValue>", "<PlainValue>MTIz</PlainValue><PlainValue>"),
    ] {
      #expect(try fault(Self.base.changing(old, to: new))?.reason == .repeatedElement)
    }
  }

  @Test("Extensions and other namespaces' elements are passed over")
  func extensions() throws {
    let text = try Self.base
      .changing("</Data>", to: "<v:Secret xmlns:v='urn:v'/></Data><Extensions><v/></Extensions>")
      .changing("<SerialNo>", to: "<v:SerialNo xmlns:v='urn:v'>X</v:SerialNo><SerialNo>")
      .changing("<KeyPackage>", to: "<v:KeyPackage xmlns:v='urn:v'/><KeyPackage>")
    #expect(try read(text) == read(Self.base))
  }

  @Test("A package without key, data, secret or identifier says what is missing")
  func missing() throws {
    let noSecret = fault(container(secret: ""))
    #expect(noSecret?.reason == .missingElement)
    #expect(noSecret?.element == "KeyPackage/Key/Data/Secret")
    let noValue = fault(container(secret: "<Secret/>"))
    #expect(noValue?.element == "KeyPackage/Key/Data/Secret/PlainValue")
    #expect(try fault(Self.base.changing("Id=\"K1\"", to: ""))?.reason == .missingAttribute("Id"))
    let noKey = """
      <KeyContainer Version='1.0' xmlns='urn:ietf:params:xml:ns:keyprov:pskc'><KeyPackage/>
      </KeyContainer>
      """
    #expect(fault(noKey)?.element == "KeyPackage/Key")
  }

  @Test(
    "A secret that is not base64, empty or too long is refused",
    arguments: ["", "M", "MT", "MTI", "MT==", "M===", "MTI=MTI=", "MTIz!", "MTIz=", "\u{FF2D}TIz"]
      + [String(repeating: "MTIz", count: 342)])
  func secrets(text: String) {
    let xml = container(secret: "<Secret><PlainValue>\(text)</PlainValue></Secret>")
    let error = fault(xml)
    // "MT==" has bits left over behind its one byte.
    #expect(error?.reason == (text == "MTI=" ? nil : .invalidValue), "\(text)")
    #expect(error?.description.contains(text) == false || text.count < 5)
  }

  @Test("Device dates, model, binding and friendly name are read")
  func metadata() throws {
    let text = try Self.base
      .changing(
        "<SerialNo>",
        to: "<Model>M 1</Model><IssueNo>2</IssueNo><DeviceBinding>IMEI</DeviceBinding>"
          + "<StartDate>2026-01-01T09:00:00+09:00</StartDate>"
          + "<ExpiryDate>2031-01-01T00:00:00.5Z</ExpiryDate><SerialNo>"
      )
      .changing(
        "<Data>", to: "<FriendlyName>\u{B098}\u{C758} \u{CE74}\u{B4DC}</FriendlyName><Data>")
    let key = try #require(try read(text).keys.first)
    #expect(
      key.device
        == PSKCDevice(
          serialNumber: "S1", model: "M 1", issueNumber: "2", deviceBinding: "IMEI",
          startDate: 1_767_225_600, expiryDate: 1_924_992_000))
    #expect(key.friendlyName == "\u{B098}\u{C758} \u{CE74}\u{B4DC}")
    let date = try text.changing("2026-01-01T", to: "2026-02-30T")
    #expect(fault(date)?.element == "KeyPackage/DeviceInfo/StartDate")
  }
}

@Suite("What a policy allows")
struct PolicyTests {
  private func policy(_ inside: String) throws -> PSKCPolicy? {
    try read(container(policy: "<Policy>\(inside)</Policy>")).keys.first?.policy
  }

  private func notUnderstood(_ inside: String) -> [String]? {
    let error = fault(container(policy: "<Policy>\(inside)</Policy>"))
    guard case .policyNotUnderstood(let parts) = error?.reason else { return nil }
    return parts
  }

  @Test("No policy allows everything at any time")
  func none() throws {
    let policy = try #require(try read(container()).keys.first?.policy)
    #expect(PSKCPolicy.Usage.allCases.allSatisfy { policy.permits($0, at: 0) })
  }

  @Test("Dates hold to the second, both included")
  func dates() throws {
    let policy = try #require(
      try policy(
        "<StartDate>2026-11-24T00:00:00Z</StartDate><ExpiryDate>2026-11-25T00:00:00Z</ExpiryDate>"))
    let start: Int64 = 1_795_478_400
    #expect(!policy.permits(.oneTimePassword, at: start - 1))
    #expect(policy.permits(.oneTimePassword, at: start))
    #expect(policy.permits(.oneTimePassword, at: start + 86_400))
    #expect(!policy.permits(.oneTimePassword, at: start + 86_401))
  }

  @Test("Usages that are named are allowed, others are not")
  func usages() throws {
    let policy = try #require(
      try policy(
        "<KeyUsage>OTP</KeyUsage><KeyUsage>CR</KeyUsage>"
          + "<NumberOfTransactions>4321</NumberOfTransactions>"))
    #expect(policy.permits(.oneTimePassword, at: 0) && policy.permits(.challengeResponse, at: 0))
    #expect(!policy.permits(.encrypt, at: 0))
    #expect(policy.numberOfTransactions == 4321)
  }

  @Test("What is not understood in a policy makes the key unusable: it is not imported")
  func unknown() {
    #expect(notUnderstood("<x:Where xmlns:x='urn:x'/><KeyUsage>OTP</KeyUsage>") == ["Where"])
    #expect(notUnderstood("<Where>here</Where>") == ["Where"])
    #expect(notUnderstood("<Extensions/>") == ["Extensions"])
    #expect(notUnderstood("<KeyUsage>Everything</KeyUsage>") == ["Everything"])
    #expect(notUnderstood("<PINPolicy PINUsageMode='Whisper'/>") == ["Whisper"])
    #expect(notUnderstood("<PINPolicy PINEncoding='MORSE'/>") == ["MORSE"])
    #expect(notUnderstood("<PINPolicy><More/></PINPolicy>") == ["More"])
    #expect(notUnderstood("<PINPolicy Colour='red'/>") == ["Colour"])
  }

  @Test("A PIN policy's numbers are numbers")
  func pinNumbers() {
    let error = fault(container(policy: "<Policy><PINPolicy MinLength='four'/></Policy>"))
    #expect(error?.reason == .invalidAttribute("MinLength"))
    #expect(error?.element == "KeyPackage/Key/Policy/PINPolicy")
  }
}
