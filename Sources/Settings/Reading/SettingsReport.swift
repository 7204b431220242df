/// Gathers what is wrong, and which keys and variables there are, while settings are read.
final class SettingsReport {
  static let variablePrefix = "SMARTOTPD_"

  private let environment: [String: String]
  private var problems: [SettingsProblem] = []
  /// Keys with dots between them, such as `branch.port`.
  private var known: [String] = []

  init(environment: [String: String]) {
    self.environment = environment.filter { $0.key.hasPrefix(Self.variablePrefix) }
  }

  var problemCount: Int { problems.count }

  func add(_ place: SettingsProblem.Place, _ path: [String]?, _ text: String) {
    problems.append(
      SettingsProblem(place: place, key: path?.joined(separator: "."), text: text))
  }

  func know(_ path: [String]) {
    let name = path.joined(separator: ".")
    if !known.contains(name) { known.append(name) }
  }

  func variable(_ path: [String]) -> (name: String, text: String)? {
    let name = Self.variable(path.joined(separator: "."))
    return environment[name].map { (name, $0) }
  }

  func hasVariables(below path: [String]) -> Bool {
    let prefix = Self.variable(path.joined(separator: ".")) + "_"
    return environment.keys.contains { $0.hasPrefix(prefix) }
  }

  /// Every problem, those with keys and variables that nobody asked for among them.
  func finish(_ file: SettingsFile) -> [SettingsProblem] {
    reportUnknownKeys(file.root, below: [], file.path)
    let variables = Set(known.map(Self.variable))
    for name in environment.keys.sorted() where !variables.contains(name) {
      let near = Spelling.nearest(
        to: String(name.dropFirst(Self.variablePrefix.count)),
        among: variables.sorted().map { String($0.dropFirst(Self.variablePrefix.count)) })
      let advice = near.map { "; did you mean \(Self.variablePrefix)\($0)?" } ?? ""
      add(.variable(PrintableText.safe(name)), nil, "there is no such setting\(advice)")
    }
    return problems.sorted { $0.order < $1.order }
  }

  private func reportUnknownKeys(
    _ entries: [SettingsFile.Entry], below path: [String], _ file: String
  ) {
    for entry in entries {
      let entryPath = path + [entry.key]
      let name = entryPath.joined(separator: ".")
      if !known.contains(name) {
        add(
          .position(file, line: entry.line, column: entry.column),
          entryPath.map { PrintableText.safe($0) }, advice(for: entry.key, below: path))
      } else if case .section(let entries) = entry.value, !siblings(entryPath).isEmpty {
        reportUnknownKeys(entries, below: entryPath, file)
      }
    }
  }

  private func advice(for key: String, below path: [String]) -> String {
    if ["token", "password", "passphrase", "secret", "pin"].contains(key) {
      return "secrets are not kept in this file; name a file that holds it"
        + suggestion(for: "\(key)-file", siblings(path))
    }
    let near = suggestion(for: key, siblings(path))
    if !near.isEmpty { return "unknown key" + near }
    if let elsewhere = known.first(where: { $0.hasSuffix(".\(key)") || $0 == key }) {
      return "unknown key here; did you mean \(elsewhere)?"
    }
    return "unknown key; known are \(siblings(path).joined(separator: ", "))"
  }

  private func siblings(_ path: [String]) -> [String] {
    let prefix = path.map { $0 + "." }.joined()
    return known.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      .filter { !$0.contains(".") }.map(String.init)
  }

  private func suggestion(for name: String, _ candidates: [String]) -> String {
    Spelling.nearest(to: name, among: candidates).map { "; did you mean \($0)?" } ?? ""
  }

  private static func variable(_ name: String) -> String {
    variablePrefix
      + String(name.uppercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
  }
}

extension SettingsProblem {
  /// The file from its top, then the environment.
  fileprivate var order: (Int, Int, String) {
    switch place {
    case .file: (0, 0, description)
    case .position(_, let line, let column): (line, column, "")
    case .variable(let name): (Int.max, 0, name)
    }
  }
}
