import Cryptography
import Foundation
import OneTimePassword
import TestMaterial
import Testing

/// A second opinion on a thousand random codes, from an implementation that shares nothing with ours.
@Suite(
  "Agreement with oathtool",
  .enabled(if: Oathtool.isInstalled, "oathtool is not installed (Debian package oathtool)"))
struct OathtoolTests {
  @Test("A thousand random TOTP codes are the same")
  func totp() throws {
    var generator = SeededGenerator(state: 6238)
    var commands: [String] = []
    var codes: [String] = []
    for _ in 0..<1000 {
      let hash = HashFunction.allCases.randomElement(using: &generator) ?? .sha1
      let digits = DigitCount.allCases.randomElement(using: &generator) ?? .six
      let period = UInt32.random(in: 1...120, using: &generator)
      let time = Int64.random(in: 0..<1 << 33, using: &generator)
      let key = Self.randomKey(using: &generator)
      let totp = try #require(TOTP(hash: hash, digits: digits, period: period))
      let code = try #require(try totp.code(at: time, hmac: hmacFunction(key: key)))
      codes.append(code.digitsText)
      commands.append(
        "oathtool --totp=\(hash) -d \(digits.rawValue) -s \(period)s --now @\(time) \(hex(key))"
      )
    }
    #expect(try Oathtool.run(commands) == codes)
  }

  @Test("Random HOTP codes are the same")
  func hotp() throws {
    var generator = SeededGenerator(state: 4226)
    var commands: [String] = []
    var codes: [String] = []
    for _ in 0..<100 {
      let digits = DigitCount.allCases.randomElement(using: &generator) ?? .six
      let counter = UInt64.random(in: 0..<1 << 62, using: &generator)
      let key = Self.randomKey(using: &generator)
      let hotp = HOTP(digits: digits)
      codes.append(try hotp.code(counter: counter, hmac: hmacFunction(key: key)).digitsText)
      commands.append("oathtool --hotp -d \(digits.rawValue) -c \(counter) \(hex(key))")
    }
    #expect(try Oathtool.run(commands) == codes)
  }

  private static func randomKey(using generator: inout SeededGenerator) -> [UInt8] {
    let count = Int.random(in: 1...80, using: &generator)
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}

enum Oathtool {
  static var isInstalled: Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/oathtool")
  }

  /// Runs all commands in one shell and gives back the line that each printed.
  static func run(_ commands: [String]) throws -> [String] {
    let script = FileManager.default.temporaryDirectory
      .appendingPathComponent("oathtool-\(UUID().uuidString).sh")
    try commands.joined(separator: "\n").write(to: script, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: script) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [script.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
