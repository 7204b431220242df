/// One question about the machine or the reader, and how it is answered. The same question has the
/// same id for ever: scripts and Hardware/troubleshooting.md refer to it.
public struct Check: Sendable {
  public let id: String
  public let group: CheckGroup
  /// What is true when it passes.
  public let title: String
  /// Checks that hide this one's answer, or explain it, when they fail.
  public let needs: [String]
  let examine: @Sendable (Facts) -> Verdict

  init(
    _ id: String, _ group: CheckGroup, _ title: String, needs: [String] = [],
    examine: @escaping @Sendable (Facts) -> Verdict
  ) {
    self.id = id
    self.group = group
    self.title = title
    self.needs = needs
    self.examine = examine
  }

  /// Where the repository explains it.
  public var help: String { "Hardware/troubleshooting.md#\(id)" }
}

/// What a check is about.
public enum CheckGroup: String, Sendable, CaseIterable {
  case platform, process, configuration, bus
  case raspberryPi = "raspberry-pi"
  case permissions, conflicts
  case chip, field, timing

  /// Whether nothing that the reader answers can change the answer.
  var isAboutMachine: Bool {
    switch self {
    case .platform, .process, .configuration, .bus, .raspberryPi, .permissions: true
    // Who holds the reader is told in part by whether it opened.
    case .conflicts, .chip, .field, .timing: false
    }
  }
}

/// Everything a check may look at.
struct Facts: Sendable {
  var machine: MachineFacts
  var reader: ReaderFacts
}

extension Check {
  /// All of them, in the order they are reported.
  public static let all: [Check] =
    platform + process + configuration + bus + raspberryPi + permissions + conflicts + chip + field
    + timing
}
