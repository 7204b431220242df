import Cryptography
import Foundation
import OneTimePassword
import PSKC
import Testing

/// The Python module `pskc`, which opens and makes encrypted containers, as the other side.
@Suite(
  "Agreement with python-pskc",
  .enabled(if: PythonPSKC.isInstalled, "Tests/Peers/environment.sh has not been run"))
struct PythonPSKCTests {
  @Test("It opens what was written", arguments: ExportTests.protections.indices)
  func ours(index: Int) throws {
    let directory = try WorkingDirectory()
    defer { directory.remove() }
    let container = try ExportTests.everything()
    let (protection, unlocking) = ExportTests.protections[index]
    try directory.write(container.bytes(protection), to: "out.xml")
    let output = try PythonPSKC.run("read", unlocking.arguments, in: directory)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let keys = try output.split(separator: "\n").map {
      try decoder.decode(PythonPSKC.Key.self, from: Data($0.utf8))
    }
    #expect(keys.map(\.id) == ["K1", "K2", "K3", "K4"])
    #expect(keys.map(\.secret) == container.keys.map { $0.secret.withUnsafeBytes { hex($0) } })
    #expect(keys.map(\.counter) == [4711, nil, 3, nil])
    #expect(keys.map(\.timeInterval) == [nil, 60, nil, nil])
    #expect(keys.map(\.timeDrift) == [nil, -2, 5, nil])
    #expect(keys.map(\.responseLength) == [6, 8, 8, nil])
    #expect(keys.first?.serial == "S-1")
    #expect(keys.first?.manufacturer == "oath.<A&B>")
    #expect(keys.first?.usage == ["OTP", "CR"])
  }

  @Test(
    "What it writes opens",
    arguments: [
      "", "--key 12345678901234567890123456789012",
      "--key 12345678901234567890123456789012 --mac hmac-sha256",
      "--key 12345678901234567890123456789012 --numbers",
      "--key 123456789012345678901234567890121234567890123456 --cipher aes192-cbc --mac hmac-sha512",
      "--key 1234567890123456789012345678901212345678901234567890123456789012 --cipher aes256-cbc",
      "--passphrase qwerty", "--passphrase qwerty --cipher aes256-cbc --mac hmac-sha256 --numbers",
    ])
  func theirs(options: String) throws {
    let directory = try WorkingDirectory()
    defer { directory.remove() }
    #expect(try PythonPSKC.run("write", options.words, in: directory) == "")
    let unlocking: PSKCUnlocking
    switch options.words.first {
    case "--key": unlocking = .preSharedKey(SecretBytes(hex(options.words[1])))
    case "--passphrase": unlocking = .passphrase(SecretBytes(options.words[1].utf8))
    default: unlocking = .none
    }
    let keys = try PSKCContainer(xml: directory.read("out.xml"), unlocking: unlocking).keys
    let totp = try #require(TOTP(hash: .sha512, digits: .six, period: 60))
    let suite = try OCRASuite(Array("OCRA-1:HOTP-SHA256-8:C-QN08".utf8))
    #expect(
      keys == [
        PSKCKey(
          id: "H1", algorithm: .hotp(HOTP(digits: .eight), counter: 4711), secret: Figure.secret,
          device: PSKCDevice(manufacturer: "Acme", serialNumber: "S-H1")),
        PSKCKey(
          id: "T1", algorithm: .totp(totp, clock: PSKCTokenClock()), secret: SecretBytes(0..<64),
          device: PSKCDevice(serialNumber: "S-T1")),
        PSKCKey(
          id: "O1", algorithm: .ocra(PSKCOCRA(suite: suite, counter: 1_000_000)),
          secret: SecretBytes(0..<32), device: PSKCDevice(serialNumber: "S-O1")),
      ])
  }
}

enum PythonPSKC {
  struct Key: Decodable {
    var id: String
    var secret: String
    var serial: String?
    var manufacturer: String?
    var counter: Int?
    var timeInterval: Int?
    var timeDrift: Int?
    var responseLength: Int?
    var usage: [String]
  }

  private static let peers = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Peers")

  /// Where environment.sh puts the environment.
  private static var environment: URL {
    let variables = ProcessInfo.processInfo.environment
    let cache =
      variables["XDG_CACHE_HOME"].map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
    return cache.appendingPathComponent("smart-otp-reader/peers-venv")
  }

  static var isInstalled: Bool {
    let installed = try? String(
      contentsOf: environment.appendingPathComponent("requirements.txt"), encoding: .utf8)
    return installed?.contains("python-pskc") == true
  }

  /// Runs `pskc_peer.py` on `out.xml` and gives back what it printed.
  static func run(
    _ action: String, _ arguments: [String], in directory: WorkingDirectory
  ) throws -> String {
    let script = peers.appendingPathComponent("pskc_peer.py").path
    let python = environment.appendingPathComponent("bin/python").path
    let done = try directory.run(python, [script, action, "out.xml"] + arguments)
    #expect(done.status == 0, "\(done.text)")
    return done.text
  }
}

extension PSKCUnlocking {
  /// As pskc_peer.py takes it.
  fileprivate var arguments: [String] {
    switch self {
    case .none: []
    case .preSharedKey(let key): ["--key", key.withUnsafeBytes { hex($0) }]
    case .passphrase(let passphrase):
      ["--passphrase", passphrase.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }]
    }
  }
}
