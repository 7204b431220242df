/// A process, as /proc shows it.
public struct RunningProcess: Hashable, Sendable {
  public var id: Int32
  /// The program's name, 15 bytes at most.
  public var name: String
  public var arguments: [String]

  public init(id: Int32, name: String, arguments: [String]) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }

  /// `pcscd (process 123)`.
  public var description: String { "\(name) (process \(id))" }
}

/// The processes of a moment, and who has which device open.
public struct ProcessTable: Sendable {
  public let processes: [RunningProcess]
  private let holders: [String: [Int32]]

  /// - Parameter excluding: processes that are the caller's own.
  public init(files: FileTree, excluding: Set<Int32> = []) {
    var processes: [RunningProcess] = []
    var holders: [String: [Int32]] = [:]
    for entry in files.names("/proc") {
      guard let id = Int32(entry), !excluding.contains(id),
        let name = files.line("/proc/\(entry)/comm")
      else { continue }
      let arguments = files.text("/proc/\(entry)/cmdline", limit: 4096) ?? ""
      processes.append(
        RunningProcess(
          id: id, name: name,
          arguments: arguments.split(separator: "\0").map { DisplayText.safe($0) }))
      for descriptor in files.names("/proc/\(entry)/fd") {
        // Nodes only: a process may have thousands of other files open.
        guard let target = files.link("/proc/\(entry)/fd/\(descriptor)"),
          target.hasPrefix("/dev/")
        else { continue }
        if holders[target]?.last != id { holders[target, default: []].append(id) }
      }
    }
    self.processes = processes.sorted { $0.id < $1.id }
    self.holders = holders
  }

  /// Who has the node open; only as much as this user may see.
  public func holders(of node: String) -> [RunningProcess] {
    let ids = holders[node] ?? []
    return processes.filter { ids.contains($0.id) }
  }

  public func named(_ names: String...) -> [RunningProcess] {
    processes.filter { process in
      // The kernel keeps 15 bytes of a name.
      names.contains { $0.prefix(15) == process.name }
    }
  }
}
