/// Why a configuration does not do: everything that is wrong with it.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order of the file, then of the environment.
  public let problems: [SettingsProblem]

  /// A problem a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong with a configuration.
public struct SettingsProblem: Hashable, Sendable, CustomStringConvertible {
  public enum Place: Hashable, Sendable {
    case file(String)
    /// Lines and columns count from 1.
    case position(String, line: Int, column: Int)
    case variable(String)
  }

  public let place: Place
  /// Such as `branch.port`; nil where it is no key that is wrong.
  public let key: String?
  /// What is wrong and what to do, in one line.
  public let text: String

  /// `FILE:LINE:COLUMN: KEY: TEXT`.
  public var description: String {
    ([placeText] + [key].compactMap { $0 } + [text]).joined(separator: ": ")
  }

  private var placeText: String {
    switch place {
    case .file(let path): path
    case .position(let path, let line, let column): "\(path):\(line):\(column)"
    case .variable(let name): name
    }
  }
}
