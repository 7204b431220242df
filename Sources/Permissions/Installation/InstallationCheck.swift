import Appliance
import ReaderUSB
import Threads

/// Whether the installed files are those that were signed (S11).
///
/// It tells broken disks, half upgrades, and files that somebody changed without the signing key.
/// Whoever is root may change the key as well.
///
/// The first run reads every file, some tenths of a second for 100 MB; later ones only what changed
/// since, by the files' numbers and times.
public final class InstallationCheck: Sendable {
  /// How far a run is, in bytes.
  public struct Progress: Hashable, Sendable {
    public var done: Int64
    public var total: Int64
  }

  /// Where the manifest, its signature and its key are.
  public static let folder = "/usr/share/smartotp"
  private static let maximumFindingCount = 8

  private let files: FileTree
  private let executable: String?
  private let digests = DigestCache()

  /// - Parameter executable: the running program's path; nil: as the kernel says.
  public init(files: FileTree = .system, executable: String? = nil) {
    self.files = files
    self.executable = executable ?? files.link("/proc/self/exe")
  }

  /// Checks on a thread of its own.
  public func run(
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async -> PermissionReport {
    await withCheckedContinuation { continuation in
      let check: @Sendable () -> Void = {
        continuation.resume(returning: self.report(progress: progress))
      }
      // No thread to be had: late is better than never.
      if !DetachedThread.run(check) { check() }
    }
  }

  /// Checks at once; blocks while it reads.
  public func report(progress: (Progress) -> Void = { _ in }) -> PermissionReport {
    let manifest = files.bytes("\(Self.folder)/manifest", limit: limit)
    let key = files.bytes("\(Self.folder)/manifest.pem", limit: limit)
    guard isInstalled || (key != nil && manifest != nil && isNamed(in: manifest)) else {
      return .warning(
        "\(shownExecutable) is a development build: no manifest tells whether it is whole")
    }
    guard let manifest else { return altered(Self.folder + "/manifest is missing") }
    guard let key else { return altered(Self.folder + "/manifest.pem is missing") }
    guard let signature = files.bytes("\(Self.folder)/manifest.sig", limit: limit) else {
      return altered(Self.folder + "/manifest.sig is missing")
    }
    do throws(InstallationManifestError) {
      return report(
        on: try InstallationManifest(text: manifest, signature: signature, key: key), progress)
    } catch {
      return altered(error.finding)
    }
  }

  private var limit: Int { InstallationManifest.maximumByteCount + 1 }

  /// Packages install below /usr; /usr/local is for what is built by hand.
  private var isInstalled: Bool {
    guard let executable else { return true }
    return executable.hasPrefix("/usr/") && !executable.hasPrefix("/usr/local/")
  }

  private func isNamed(in manifest: [UInt8]?) -> Bool {
    guard let executable, let manifest, let entries = try? ManifestText.entries(manifest) else {
      return false
    }
    return entries.contains { $0.path == executable }
  }

  private var shownExecutable: String { DisplayText.safe(executable ?? "smartotpd") }

  private func report(
    on manifest: InstallationManifest, _ progress: (Progress) -> Void
  ) -> PermissionReport {
    var findings: [String] = []
    if let executable, !manifest.entries.contains(where: { $0.path == executable }) {
      findings.append("the manifest does not name \(shownExecutable), which runs")
    }
    let paths = manifest.entries.map(\.path)
    findings += FolderCheck.findings(around: paths, files)
    let sizes = paths.map { digests.size(of: files.root + $0) }
    var progressNow = Progress(done: 0, total: sizes.reduce(0, +))
    for (entry, size) in zip(manifest.entries, sizes) {
      if let finding = finding(entry) { findings.append(finding) }
      progressNow.done += size
      progress(progressNow)
    }
    let shown = findings.prefix(Self.maximumFindingCount).map(altered)
    let more = findings.count - shown.count
    return .joined(shown + (more > 0 ? [altered("\(more) more files are altered")] : []))
  }

  private func finding(_ entry: InstallationManifest.Entry) -> String? {
    let path = DisplayText.safe(entry.path)
    if files.link(entry.path) != nil { return "\(path) is a link to another file" }
    guard let status = files.status(entry.path) else { return "\(path) is missing" }
    guard !status.isFolder else { return "\(path) is a folder" }
    if status.user != 0 { return "\(path) does not belong to root" }
    if status.mode & 0o022 != 0 {
      return "\(path) is writable by others (mode \(String(status.mode, radix: 8)))"
    }
    guard let digest = digests.digest(of: files.root + entry.path) else {
      return "\(path) cannot be read"
    }
    return digest == entry.digest ? nil : "\(path) is not the file that was installed"
  }

  private func altered(_ finding: String) -> PermissionReport {
    .restricted(
      .installationAltered, finding, fix: "sudo apt-get install --reinstall smartotp-reader")
  }
}

/// Who may write into a file's folder may put another in the file's place.
private enum FolderCheck {
  static func findings(around paths: [String], _ files: FileTree) -> [String] {
    var folders: Set<String> = []
    for path in paths {
      let parts = path.split(separator: "/").dropLast()
      for count in 0...parts.count {
        folders.insert("/" + parts.prefix(count).joined(separator: "/"))
      }
    }
    return folders.sorted().filter { folder in
      (files.status(folder)?.mode ?? 0) & 0o022 != 0
    }.map { "others may write into the folder \(DisplayText.safe($0))" }
  }
}

extension InstallationManifestError {
  fileprivate var finding: String {
    let manifest = "\(InstallationCheck.folder)/manifest"
    return switch self {
    case .tooLarge: "\(manifest) is too large"
    case .badKey: "\(manifest).pem is no public key"
    case .badSignature: "\(manifest) was not signed by the key in \(manifest).pem"
    case .malformed(let line): "\(manifest):\(line) cannot be read"
    case .namedTwice(let path): "\(manifest) names \(DisplayText.safe(path)) twice"
    case .empty: "\(manifest) is empty"
    }
  }
}
