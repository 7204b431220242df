import Cryptography
import Foundation
import Testing

@testable import Permissions

@Suite("The manifest of an installation")
struct InstallationManifestTests {
  private let zeros = String(repeating: "0", count: 64)

  private func entries(_ text: String) throws(InstallationManifestError) -> [String] {
    try ManifestText.entries(Array(text.utf8)).map(\.path)
  }

  @Test("Lines of sha256sum are read, with or without its mark for binary")
  func lines() throws {
    #expect(
      try entries("\(zeros)  /usr/bin/a\n\(zeros) */usr/bin/b c\n") == [
        "/usr/bin/a", "/usr/bin/b c",
      ])
    #expect(try entries("\(zeros)  /a") == ["/a"])
  }

  @Test("Anything else is refused with its line")
  func malformed() {
    let path = String(repeating: "a", count: 4100)
    for line in [
      "", "x", "\(zeros)", "\(zeros)  ", "\(zeros)  relative", "\(zeros)  /a/../b",
      "\(zeros)  /a//b",
      "\(zeros)  /a/", "\(zeros)  /", "\(zeros)  /./a", "\(zeros) /a", "\(zeros)\t /a",
      "\\\(zeros)  /a", "\(zeros.dropLast())g  /a", "\(zeros.dropLast())A  /a", "\(zeros)0  /a",
      "\(zeros)  /a\r", "\(zeros)  /a\u{1B}", "\(zeros)  /\(path)",
    ] {
      #expect(throws: InstallationManifestError.malformed(line: 2), "\(line)") {
        try entries("\(zeros)  /first\n\(line)\n\(zeros)  /last\n")
      }
    }
    #expect(throws: InstallationManifestError.empty) { try entries("") }
    #expect(throws: InstallationManifestError.namedTwice("/a")) {
      try entries("\(zeros)  /a\n\(zeros)  /a\n")
    }
    let many = (0...InstallationManifest.maximumEntryCount).map { "\(zeros)  /\($0)\n" }.joined()
    #expect(throws: InstallationManifestError.malformed(line: 2049)) { try entries(many) }
  }

  @Test("Any bytes give entries or an error")
  func anyBytes() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      var bytes = Array("\(zeros)  /usr/bin/a\n\(zeros)  /b\n".utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255)
      }
      _ = try? ManifestText.entries(bytes)
    }
  }

  @Test("A manifest is taken with its signature only")
  func signature() throws {
    let key = try P256.PrivateKey.generate()
    let pem = try Commands.publicKeyPEM(key.publicKey)
    let manifest = InstallationManifest([.init(path: "/a", digest: Array(0..<32))])
    let signature = try manifest.signature(by: key)
    #expect(
      try InstallationManifest(text: manifest.text, signature: signature, key: pem) == manifest)

    var altered = manifest.text
    altered[0] ^= 1
    #expect(throws: InstallationManifestError.badSignature) {
      try InstallationManifest(text: altered, signature: signature, key: pem)
    }
    for signature in [[], [0x30], Array(signature.dropLast())] {
      #expect(throws: InstallationManifestError.badSignature) {
        try InstallationManifest(text: manifest.text, signature: signature, key: pem)
      }
    }
    let other = try Commands.publicKeyPEM(P256.PrivateKey.generate().publicKey)
    #expect(throws: InstallationManifestError.badSignature) {
      try InstallationManifest(text: manifest.text, signature: signature, key: other)
    }
    #expect(throws: InstallationManifestError.badKey) {
      try InstallationManifest(text: manifest.text, signature: signature, key: Array("x".utf8))
    }
    let large = [UInt8](repeating: 0x20, count: InstallationManifest.maximumByteCount + 1)
    #expect(throws: InstallationManifestError.tooLarge) {
      try InstallationManifest(text: large, signature: signature, key: pem)
    }
  }

  @Test("What sha256sum and openssl make is taken", .enabled(if: Commands.areInstalled))
  func fromCommands() throws {
    let commands = try Commands()
    defer { commands.remove() }
    try commands.write("content", to: "file one")
    try commands.run(
      """
      openssl ecparam -name prime256v1 -genkey -noout -out key.pem
      openssl pkey -in key.pem -pubout -out manifest.pem
      sha256sum "$PWD/file one" >manifest
      openssl dgst -sha256 -sign key.pem -out manifest.sig manifest
      """)
    let manifest = try InstallationManifest(
      text: commands.read("manifest"), signature: commands.read("manifest.sig"),
      key: commands.read("manifest.pem"))
    #expect(manifest.entries.map(\.path) == ["\(commands.folder)/file one"])
    #expect(manifest.entries.map(\.digest) == [try sha256(Array("content".utf8))])
  }

  @Test("What this makes, sha256sum and openssl take", .enabled(if: Commands.areInstalled))
  func toCommands() throws {
    let commands = try Commands()
    defer { commands.remove() }
    try commands.write("content", to: "file")
    let key = try P256.PrivateKey.generate()
    let manifest = InstallationManifest([
      .init(path: "\(commands.folder)/file", digest: try sha256(Array("content".utf8)))
    ])
    try commands.write(manifest.text, to: "manifest")
    try commands.write(manifest.signature(by: key), to: "manifest.sig")
    try commands.write(Commands.publicKeyPEM(key.publicKey), to: "manifest.pem")
    try commands.run(
      """
      sha256sum -c manifest
      openssl dgst -sha256 -verify manifest.pem -signature manifest.sig manifest
      """)
    try commands.write("other", to: "file")
    #expect(throws: Commands.Failed.self) { try commands.run("sha256sum -c manifest") }
  }
}

/// A shell in a folder of its own.
struct Commands {
  struct Failed: Error { var text: String }

  static var areInstalled: Bool {
    ["/usr/bin/openssl", "/usr/bin/sha256sum"].allSatisfy(
      FileManager.default.isExecutableFile(atPath:))
  }

  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  func read(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
  }

  func run(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = URL(filePath: folder)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(text: text) }
  }

  static func publicKeyPEM(_ key: P256.PublicKey) throws -> [UInt8] {
    let base64 = Data(key.spki).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithLineFeed,
    ])
    return Array("-----BEGIN PUBLIC KEY-----\n\(base64)\n-----END PUBLIC KEY-----\n".utf8)
  }
}
