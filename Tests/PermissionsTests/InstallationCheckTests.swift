import Appliance
import Cryptography
import Glibc
import PlantedSystem
import ReaderUSB
import Synchronization
import Testing

@testable import Permissions

@Suite("Permissions: the installed files")
struct InstallationCheckTests {
  /// A system with three installed files and what was signed of them.
  private final class Installation {
    static let daemon = "/usr/sbin/smartotpd"
    static let reader = "/usr/libexec/smartotp/smartotp-reader"
    static let rules = "/usr/lib/udev/rules.d/60-smartotp-reader.rules"
    static let paths = [daemon, reader, rules]

    let tree = PlantedTree()
    let key: P256.PrivateKey
    var executable: String? = daemon
    private(set) var check: InstallationCheck?

    init() throws {
      key = try P256.PrivateKey.generate()
      for path in Self.paths {
        tree.write(path, "content of \(path)")
        tree.statuses[path] = FileStatus(mode: 0o755)
      }
      try sign(Self.paths)
    }

    func sign(_ paths: [String]) throws {
      let manifest = InstallationManifest(
        try paths.map { path in
          .init(path: path, digest: try sha256(tree.files.bytes(path) ?? []))
        })
      try write("manifest", manifest.text)
      try write("manifest.sig", manifest.signature(by: key))
      try write("manifest.pem", Commands.publicKeyPEM(key.publicKey))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
      let path = "\(InstallationCheck.folder)/\(name)"
      tree.write(path, "")
      let descriptor = open(tree.root + path, O_WRONLY | O_CLOEXEC)
      defer { close(descriptor) }
      try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func remove(_ name: String) { tree.remove("\(InstallationCheck.folder)/\(name)") }

    func report() -> PermissionReport {
      InstallationCheck(files: tree.files, executable: executable).report()
    }

    var findings: [String] {
      let report = report()
      #expect(report.warnings.isEmpty)
      #expect(report.impediments.allSatisfy { $0.restriction == .installationAltered })
      #expect(
        report.impediments.allSatisfy {
          $0.fix == "sudo apt-get install --reinstall smartotp-reader"
        })
      return report.impediments.map(\.finding)
    }
  }

  @Test("Files as they were signed restrict nothing")
  func whole() throws {
    #expect(try Installation().report() == .clean)
  }

  @Test(
    "A file that is altered, missing, a link or a folder is named", arguments: Installation.paths)
  func alteredFiles(path: String) throws {
    let installation = try Installation()
    installation.tree.append(path, "x")
    #expect(installation.findings == ["\(path) is not the file that was installed"])
    installation.tree.remove(path)
    installation.tree.statuses[path] = nil
    #expect(installation.findings == ["\(path) is missing"])
    installation.tree.link(path, to: "/etc/passwd")
    #expect(installation.findings == ["\(path) is a link to another file"])
    installation.tree.remove(path)
    installation.tree.makeFolder(path)
    #expect(installation.findings == ["\(path) is a folder"])
  }

  @Test("A file of the same size with the same time is read all the same")
  func sameSize() throws {
    let installation = try Installation()
    installation.tree.write(Installation.daemon, "Content of \(Installation.daemon)")
    #expect(installation.findings == ["\(Installation.daemon) is not the file that was installed"])
  }

  @Test(
    "A file that others may write, or of another owner, is named",
    arguments: [0o775, 0o757] as [UInt32])
  func writableFiles(mode: UInt32) throws {
    let installation = try Installation()
    installation.tree.statuses[Installation.reader] = FileStatus(mode: mode)
    #expect(
      installation.findings == [
        "\(Installation.reader) is writable by others (mode \(String(mode, radix: 8)))"
      ])
    installation.tree.statuses[Installation.reader] = FileStatus(mode: 0o755, user: 990)
    #expect(installation.findings == ["\(Installation.reader) does not belong to root"])
  }

  @Test("A folder that others may write into is named")
  func writableFolder() throws {
    let installation = try Installation()
    chmod(installation.tree.root + "/usr/libexec", 0o777)
    #expect(installation.findings == ["others may write into the folder /usr/libexec"])
  }

  @Test("A missing manifest, signature or key is named")
  func missingManifest() throws {
    for name in ["manifest", "manifest.sig", "manifest.pem"] {
      let installation = try Installation()
      installation.remove(name)
      #expect(installation.findings == ["/usr/share/smartotp/\(name) is missing"])
    }
    let installation = try Installation()
    for name in ["manifest", "manifest.sig", "manifest.pem"] { installation.remove(name) }
    #expect(
      installation.findings == ["/usr/share/smartotp/manifest is missing"],
      "removing all three is no way around the check")
  }

  @Test("A manifest that was changed, or signed by another key, is refused")
  func badSignature() throws {
    let installation = try Installation()
    let text = installation.tree.files.bytes("/usr/share/smartotp/manifest") ?? []
    try installation.write(
      "manifest", text.map { $0 == UInt8(ascii: "s") ? UInt8(ascii: "t") : $0 })
    let finding =
      "/usr/share/smartotp/manifest was not signed by the key in /usr/share/smartotp/manifest.pem"
    #expect(installation.findings == [finding])

    try installation.sign(Installation.paths)
    try installation.write(
      "manifest.pem", Commands.publicKeyPEM(P256.PrivateKey.generate().publicKey))
    #expect(installation.findings == [finding])

    try installation.write("manifest.pem", Array("x".utf8))
    #expect(installation.findings == ["/usr/share/smartotp/manifest.pem is no public key"])
  }

  @Test("The program that runs must be among the files")
  func otherProgram() throws {
    let installation = try Installation()
    installation.executable = "/usr/sbin/smartotpd.old"
    #expect(
      installation.findings == ["the manifest does not name /usr/sbin/smartotpd.old, which runs"])
  }

  @Test("A development build has a warning and no restriction")
  func developmentBuild() throws {
    for path in ["/home/me/smart-otp-reader/.build/debug/smartotpd", "/usr/local/sbin/smartotpd"] {
      let installation = try Installation()
      installation.executable = path
      for hasManifest in [true, false] {
        if !hasManifest { installation.remove("manifest") }
        let report = installation.report()
        #expect(report.impediments.isEmpty)
        #expect(
          report.warnings == [
            "\(path) is a development build: no manifest tells whether it is whole"
          ])
      }
    }
  }

  @Test("Of many altered files the first are named, and the others counted")
  func manyFiles() throws {
    let installation = try Installation()
    let paths = (0..<20).map { "/usr/share/smartotp/file\($0)" }
    for path in paths {
      installation.tree.write(path, path)
      installation.tree.statuses[path] = FileStatus(mode: 0o644)
    }
    try installation.sign([Installation.daemon] + paths)
    for path in paths { installation.tree.append(path, "x") }
    let findings = installation.findings
    #expect(findings.count == 9)
    #expect(findings.last == "12 more files are altered")
  }

  @Test("A second run reads only what changed")
  func secondRun() throws {
    let cache = DigestCache()
    let tree = PlantedTree()
    tree.write("/a", "one")
    tree.write("/b", "two")
    for _ in 0..<3 {
      #expect(cache.digest(of: tree.root + "/a") == (try sha256(Array("one".utf8))))
      #expect(cache.digest(of: tree.root + "/b") == (try sha256(Array("two".utf8))))
    }
    #expect(cache.readCount == 2)
    tree.write("/a", "eno")
    #expect(cache.digest(of: tree.root + "/a") == (try sha256(Array("eno".utf8))))
    #expect(cache.digest(of: tree.root + "/b") == (try sha256(Array("two".utf8))))
    #expect(cache.readCount == 3)
  }

  @Test("What is no plain file has no digest, and waits for nobody")
  func specialFiles() throws {
    let tree = PlantedTree()
    tree.write("/plain", "")
    try #require(mkfifo(tree.root + "/pipe", 0o600) == 0)
    defer { unlink(tree.root + "/pipe") }
    tree.link("/link", to: "plain")
    let cache = DigestCache()
    for path in ["/pipe", "/link", "/missing", ""] {
      #expect(cache.digest(of: tree.root + path) == nil)
    }
  }

  @Test("Progress goes from file to file up to the whole, on a thread of its own")
  func progress() async throws {
    let installation = try Installation()
    let seen = Mutex<[InstallationCheck.Progress]>([])
    let check = InstallationCheck(
      files: installation.tree.files, executable: installation.executable)
    let report = await check.run { progress in seen.withLock { $0.append(progress) } }
    #expect(report == .clean)
    let steps = seen.withLock { $0 }
    #expect(steps.count == 3)
    #expect(steps.map(\.done) == steps.map(\.done).sorted())
    #expect(steps.last?.done == steps.last?.total)
    #expect(steps.last?.total ?? 0 > 0)
  }
}
