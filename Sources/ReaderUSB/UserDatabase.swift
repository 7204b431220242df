/// Users and groups, from /etc/passwd and /etc/group.
public struct UserDatabase: Sendable {
  private var userNames: [UInt32: String] = [:]
  private var users: [String: (user: UInt32, group: UInt32)] = [:]
  private var groupNames: [UInt32: String] = [:]
  private var members: [UInt32: Set<String>] = [:]

  public init(files: FileTree) {
    for fields in Self.lines(of: "/etc/passwd", files) where fields.count > 3 {
      guard let user = UInt32(fields[2]), let group = UInt32(fields[3]) else { continue }
      users[fields[0]] = (user, group)
      if userNames[user] == nil { userNames[user] = fields[0] }
    }
    for fields in Self.lines(of: "/etc/group", files) where fields.count > 3 {
      guard let group = UInt32(fields[2]) else { continue }
      if groupNames[group] == nil { groupNames[group] = fields[0] }
      members[group, default: []].formUnion(fields[3].split(separator: ",").map(String.init))
    }
  }

  private static func lines(of path: String, _ files: FileTree) -> [[String]] {
    (files.text(path, limit: 1 << 20) ?? "").split(separator: "\n").map { line in
      line.split(separator: ":", omittingEmptySubsequences: false).map { DisplayText.safe($0) }
    }
  }

  public func name(of user: UInt32) -> String { userNames[user] ?? "\(user)" }
  public func groupName(_ group: UInt32) -> String { groupNames[group] ?? "\(group)" }
  public func group(named name: String) -> UInt32? { groupNames.first { $0.value == name }?.key }

  /// A user with every group the database gives it; nil when there is no such user.
  public func credentials(of name: String) -> Credentials? {
    guard let (user, group) = users[name] else { return nil }
    let groups = members.filter { $0.value.contains(name) }.map(\.key)
    return Credentials(user: user, groups: Set(groups + [group]))
  }
}
