import Foundation
import PSKC
import Testing

/// OATH Toolkit's `pskctool`, which reads plain values, knows the schema, and signs.
@Suite(
  "Agreement with pskctool",
  .enabled(if: Pskctool.isInstalled, "pskctool is not installed (Debian package pskctool)"))
struct PskctoolTests {
  @Test("What is written fits RFC 6030's schema", arguments: ExportTests.protections.indices)
  func schema(index: Int) throws {
    let directory = try WorkingDirectory()
    defer { directory.remove() }
    let container = try ExportTests.everything()
    try directory.write(container.bytes(ExportTests.protections[index].0), to: "out.xml")
    // It warns where it finds encrypted values, which it validates but cannot read.
    let validated = try directory.run(Pskctool.path, ["--validate", "out.xml"])
    #expect(validated.text.hasSuffix("OK\n"))
    #expect(validated.status == 0)
  }

  @Test("pskctool reads every value that was written")
  func values() throws {
    let directory = try WorkingDirectory()
    defer { directory.remove() }
    let container = try Self.container()
    let secrets = container.keys.map { key in
      key.secret.withUnsafeBytes { Data($0).base64EncodedString() }
    }
    try directory.write(container.bytes(.plain), to: "out.xml")
    let info = try directory.run(Pskctool.path, ["--info", "--strict", "out.xml"])
    #expect(info.text == Self.expected(secrets))
  }

  @Test("pskctool's signed copy is read; nobody checked the signature")
  func signed() throws {
    let directory = try WorkingDirectory()
    defer { directory.remove() }
    let container = try Self.container()
    try directory.write(container.bytes(.plain), to: "out.xml")
    let request =
      "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out crt.pem -subj /CN=vendor -days 2"
    #expect(try directory.run("/usr/bin/openssl", request.words).status == 0)
    let sign = "--sign --sign-key key.pem --sign-crt crt.pem out.xml"
    let signed = try directory.run(Pskctool.path, sign.words)
    #expect(signed.status == 0)
    let copy = try PSKCContainer(xml: Array(signed.text.utf8))
    #expect(copy.carriesUncheckedSignature)
    #expect(copy.keys == container.keys)
    #expect(try !PSKCContainer(xml: copy.bytes(.plain)).carriesUncheckedSignature)
  }

  /// All but a negative drift: pskctool takes that for a large number.
  private static func container() throws -> PSKCContainer {
    var container = try ExportTests.everything()
    guard case .totp(let totp, var clock) = container.keys[1].algorithm else { return container }
    clock.drift = 2
    container.keys[1].algorithm = .totp(totp, clock: clock)
    return container
  }

  private static func expected(_ secrets: [String]) -> String {
    """
    Portable Symmetric Key Container (PSKC):
    \tVersion: 1.0
    \tId: batch-7
    \tSigned: NO
    \tKeyPackage 0:
    \t\tDeviceInfo:
    \t\t\tManufacturer: oath.<A&B>
    \t\t\tSerialNo: S-1
    \t\t\tModel: M "1"
    \t\t\tIssueNo: 1
    \t\t\tDeviceBinding: IMEI
    \t\t\tDevice StartDate: 2026-11-24 00:00:00
    \t\t\tDevice ExpiryDate: 2031-10-17 10:40:00
    \t\t\tUserId: CN=\u{D64D}\u{AE38}\u{B3D9}
    \t\tCryptoModuleInfo Id: CM
    \t\tKey:
    \t\t\tId: K1
    \t\t\tFriendlyName: a card
    \t\t\tIssuer: K01
    \t\t\tAlgorithm: urn:ietf:params:xml:ns:keyprov:pskc:hotp
    \t\t\tKey User Id: CN=x
    \t\t\tKey Secret (base64): \(secrets[0])
    \t\t\tKey Counter: 4711
    \t\t\tKey Usage: OTP CR
    \t\t\tPolicy StartDate: 1970-01-01 00:00:00
    \t\t\tPolicy ExpiryDate: 2100-01-01 00:00:00
    \t\t\tPIN Policy Minimum Length: 4
    \t\t\tPIN Policy Maximum Length: 8
    \t\t\tPIN Policy PIN Key Id: K4
    \t\t\tPIN Policy PIN Encoding: DECIMAL
    \t\t\tPIN Policy PIN Usage Mode: Prepend
    \t\t\tPIN Policy PIN Max Failed Attempts: 3
    \t\t\tResponse Format Length: 6
    \t\t\tResponse Format Encoding: DECIMAL
    \tKeyPackage 1:
    \t\tDeviceInfo:
    \t\tKey:
    \t\t\tId: K2
    \t\t\tAlgorithm: urn:ietf:params:xml:ns:keyprov:pskc:totp
    \t\t\tKey Secret (base64): \(secrets[1])
    \t\t\tKey Time: 9
    \t\t\tKey TimeInterval: 60
    \t\t\tKey TimeDrift: 2
    \t\t\tAlgorithm Parameters Suite: HMAC-SHA256
    \t\t\tResponse Format Length: 8
    \t\t\tResponse Format Encoding: DECIMAL
    \tKeyPackage 2:
    \t\tDeviceInfo:
    \t\tKey:
    \t\t\tId: K3
    \t\t\tAlgorithm: urn:ietf:params:xml:ns:keyprov:pskc:ocra
    \t\t\tKey Secret (base64): \(secrets[2])
    \t\t\tKey Counter: 3
    \t\t\tKey Time: 1
    \t\t\tKey TimeDrift: 5
    \t\t\tAlgorithm Parameters Suite: OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1
    \t\t\tChallenge Format Encoding: DECIMAL
    \t\t\tChallenge Format Min: 4
    \t\t\tChallenge Format Max: 8
    \t\t\tResponse Format Length: 8
    \t\t\tResponse Format Encoding: DECIMAL
    \tKeyPackage 3:
    \t\tDeviceInfo:
    \t\tKey:
    \t\t\tId: K4
    \t\t\tAlgorithm: urn:ietf:params:xml:ns:keyprov:pskc:pin
    \t\t\tKey Secret (base64): \(secrets[3])

    """
  }
}

enum Pskctool {
  static let path = "/usr/bin/pskctool"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

extension String {
  var words: [String] { split(separator: " ").map(String.init) }
}
