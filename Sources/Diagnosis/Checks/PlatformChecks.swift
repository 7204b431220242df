import ReaderUSB

extension Check {
  /// Whether this system is new enough and complete.
  static let platform: [Check] = [
    Check("kernel-version", .platform, "The kernel is new enough") { facts in
      let path = "/proc/sys/kernel/osrelease"
      guard let release = facts.machine.files.line(path),
        let version = PackageVersion(release)
      else { return .unseen("\(path) cannot be read") }
      guard version >= PackageVersion(5, 10) else {
        return .fail(
          .configuration, "the kernel is \(release); 5.10 is the oldest this runs on",
          cause: "the system has not been upgraded for years",
          fix: .manual("sudo apt update && sudo apt full-upgrade"))
      }
      return .pass("kernel \(release)")
    },

    Check("libnfc-installed", .platform, "libnfc is installed") { facts in
      let copies = LibNFCCopies(files: facts.machine.files)
      guard !copies.all.isEmpty else {
        return .fail(
          .configuration, "libnfc.so.6 is in none of the library folders",
          cause: "libnfc is not installed", fix: .command("sudo apt install -y libnfc6"))
      }
      return .pass(copies.all.joined(separator: ", "))
    },

    Check(
      "libnfc-cache", .platform, "The loader knows where libnfc is", needs: ["libnfc-installed"]
    ) { facts in
      let copies = LibNFCCopies(files: facts.machine.files)
      guard copies.standard.isEmpty, let copy = copies.all.first else {
        return copies.all.isEmpty
          ? .unseen("there is no libnfc") : .pass("libnfc is in the loader's own folders")
      }
      let cache = facts.machine.files.bytes("/etc/ld.so.cache", limit: 1 << 22) ?? []
      guard cache.contains(text: copy) else {
        return .fail(
          .configuration, "\(copy) is not in /etc/ld.so.cache",
          cause: "libnfc was built by hand and the loader was not told",
          fix: .command("sudo ldconfig"))
      }
      return .pass("\(copy) is in the loader's cache")
    },

    Check("libnfc-copies", .platform, "There is one libnfc") { facts in
      let copies = LibNFCCopies(files: facts.machine.files)
      guard copies.all.count > 1 else {
        return copies.all.isEmpty ? .notApplicable("no libnfc") : .pass("one copy")
      }
      return .warn(
        .configuration, "there are \(copies.all.count): \(copies.all.joined(separator: ", "))",
        cause: "libnfc was built by hand beside the package; which one runs is a matter of luck",
        fix: .manual("sudo rm /usr/local/lib/libnfc.* && sudo ldconfig"))
    },

    version(
      of: "libnfc6", id: "libnfc-version", title: "libnfc is new enough", atLeast: .init(1, 8),
      cause: "versions before 1.8 do not open newer ACR122U boards and lack fixes for PN532 boards"
    ),
    version(
      of: "libusb-1.0-0", id: "libusb-version", title: "libusb is new enough",
      atLeast: .init(1, 0, 22), cause: "older versions lose hotplug events"),

    Check("openssl-version", .platform, "OpenSSL is new enough") { facts in
      let packages = facts.machine.packages
      guard packages.isKnown else { return .notApplicable("no package database") }
      if let version = packages["libssl3t64"] ?? packages["libssl3"] {
        return .pass("OpenSSL \(version)")
      }
      return .fail(
        .configuration,
        packages["libssl1.1"].map { "OpenSSL is \($0); 3.0 is needed" } ?? "OpenSSL 3 is missing",
        cause: "the system release is too old", fix: .manual("sudo apt install libssl3"))
    },

    Check("udev-running", .platform, "udev runs") { facts in
      if facts.machine.isContainer { return .notApplicable("in a container the host's udev works") }
      guard facts.machine.files.exists("/run/udev/control") else {
        return .warn(
          .configuration, "/run/udev/control is missing",
          cause: "udev is not running: no rule takes effect, and plugging in goes unnoticed",
          fix: .command("sudo systemctl start systemd-udevd.service"))
      }
      return .pass("/run/udev/control")
    },

    Check("reader-program", .platform, "The reader's driver program is installed") { facts in
      let path = facts.machine.system.readerProgram
      guard let status = facts.machine.files.status(path), status.mode & 0o111 != 0 else {
        return .fail(
          .internalError, "\(path) is missing or not executable",
          cause: "smartotp was copied without smartotp-reader",
          fix: .advice("install both programs in the same folder, or reinstall the package"))
      }
      return .pass(path)
    },

    Check("clock-set", .platform, "The clock is set") { facts in
      let installed = facts.machine.files.status(facts.machine.system.readerProgram)?.modified
      guard let installed else { return .unseen("no file to compare the clock with") }
      // A day for time zones and careless builders.
      guard facts.machine.system.now > installed - 86_400 else {
        return .warn(
          .configuration, "the clock is behind the day this program was installed",
          cause: "a Raspberry Pi has no clock of its own and has not reached a time server yet",
          fix: .command("sudo timedatectl set-ntp true"))
      }
      return .pass("the clock is ahead of the installation's date")
    },

    Check("clock-synchronised", .platform, "The clock follows a time server", needs: ["clock-set"])
    { facts in
      switch facts.machine.programs.clockSynchronised {
      case nil: return .notApplicable("timedatectl does not say")
      case true?: return .pass("timedatectl: NTPSynchronized=yes")
      case false?:
        return .warn(
          .configuration, "timedatectl: NTPSynchronized=no",
          cause: "no time server was reached; time-based codes (TOTP) may be refused",
          fix: .command("sudo timedatectl set-ntp true"))
      }
    },
  ]

  private static func version(
    of package: String, id: String, title: String, atLeast: PackageVersion, cause: String
  ) -> Check {
    Check(id, .platform, title) { facts in
      guard facts.machine.packages.isKnown else { return .notApplicable("no package database") }
      guard let version = facts.machine.packages[package] else {
        return .notApplicable("\(package) is not installed as a package")
      }
      guard version >= atLeast else {
        return .warn(
          .configuration, "\(package) is \(version); \(atLeast) or later is wanted", cause: cause,
          fix: .command("sudo apt install -y \(package)"))
      }
      return .pass("\(package) \(version)")
    }
  }
}

/// Where libnfc lies.
struct LibNFCCopies {
  /// One path for each different file.
  let all: [String]
  /// Those in folders that the loader searches by itself.
  let standard: [String]

  init(files: FileTree) {
    let architectures = files.names("/usr/lib").filter { $0.contains("-linux-gnu") }
    let standard = architectures.map { "/usr/lib/\($0)" } + ["/usr/lib", "/usr/lib64"]
    let local = ["/usr/local/lib"] + architectures.map { "/usr/local/lib/\($0)" }
    var seen: Set<String> = []
    func present(_ folders: [String]) -> [String] {
      folders.map { "\($0)/libnfc.so.6" }.filter { path in
        files.resolved(path).map { seen.insert($0).inserted } ?? false
      }
    }
    self.standard = present(standard)
    all = self.standard + present(local)
  }
}

extension [UInt8] {
  fileprivate func contains(text: String) -> Bool {
    let pattern = [UInt8](text.utf8)
    guard let first = pattern.first, count >= pattern.count else { return false }
    return (0...(count - pattern.count)).contains { start in
      self[start] == first && self[start..<(start + pattern.count)].elementsEqual(pattern)
    }
  }
}
