import Glibc

/// Who may do what with a file.
public struct FileStatus: Hashable, Sendable {
  /// Permission bits, without the kind of file.
  public var mode: UInt32
  public var user: UInt32
  public var group: UInt32
  public var isFolder: Bool
  /// Seconds since 1970, of the last change to the content.
  public var modified: Int
  /// Entries of the access control list beyond the permission bits.
  public var accessList: [AccessEntry]

  public init(
    mode: UInt32, user: UInt32 = 0, group: UInt32 = 0, isFolder: Bool = false, modified: Int = 0,
    accessList: [AccessEntry] = []
  ) {
    self.mode = mode & 0o7777
    self.user = user
    self.group = group
    self.isFolder = isFolder
    self.modified = modified
    self.accessList = accessList
  }

  init(_ information: stat, accessList: [AccessEntry]) {
    self.init(
      mode: information.st_mode, user: information.st_uid, group: information.st_gid,
      isFolder: information.st_mode & S_IFMT == S_IFDIR,
      modified: information.st_mtim.tv_sec, accessList: accessList)
  }

  public var isWorldWritable: Bool { mode & 0o002 != 0 }

  /// Whether this user may read and write the file, by the rules of POSIX.1e: the first class that
  /// fits decides.
  public func allowsUse(by credentials: Credentials) -> Bool {
    if credentials.overridesPermissions { return true }
    if credentials.user == user { return mode & 0o600 == 0o600 }
    let mask = accessList.first { $0.subject == .mask }?.permissions ?? 7
    if let entry = accessList.first(where: { $0.subject == .user(credentials.user) }) {
      return entry.permissions & mask & 6 == 6
    }
    let groups = accessList.filter {
      if case .group(let group) = $0.subject { credentials.groups.contains(group) } else { false }
    }
    let owning = accessList.first { $0.subject == .owningGroup }?.permissions
    var candidates = groups.map(\.permissions)
    if credentials.groups.contains(group) {
      candidates.append(owning ?? UInt16(mode >> 3 & 7))
    }
    guard candidates.isEmpty else { return candidates.contains { $0 & mask & 6 == 6 } }
    return mode & 0o006 == 0o006
  }

  /// The permission bits as `ls` shows them: `rw-rw----`.
  public var modeText: String {
    var text = ""
    for shift in [6, 3, 0] as [UInt32] {
      let bits = mode >> shift & 7
      text += bits & 4 != 0 ? "r" : "-"
      text += bits & 2 != 0 ? "w" : "-"
      text += bits & 1 != 0 ? "x" : "-"
    }
    return text
  }
}

/// A user and every group it is in.
public struct Credentials: Hashable, Sendable {
  public var user: UInt32
  public var groups: Set<UInt32>
  /// Whether permission bits do not count, as for root outside of a sandbox.
  public var overridesPermissions: Bool

  public init(user: UInt32, groups: Set<UInt32>, overridesPermissions: Bool? = nil) {
    self.user = user
    self.groups = groups
    self.overridesPermissions = overridesPermissions ?? (user == 0)
  }

  /// Of this process.
  public static func current() -> Credentials {
    var groups = [gid_t](repeating: 0, count: 65_536)
    let count = getgroups(Int32(groups.count), &groups)
    return Credentials(
      user: geteuid(), groups: Set(groups.prefix(max(0, Int(count)))).union([getegid()]),
      overridesPermissions: capabilities.map { $0 & 1 << 1 != 0 })
  }

  /// The effective set; bit 1 is CAP_DAC_OVERRIDE (capability.h).
  private static var capabilities: UInt64? {
    let status = FileTree.system.text("/proc/self/status") ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    return line.flatMap { UInt64($0.dropFirst(7).trimmed, radix: 16) }
  }
}
