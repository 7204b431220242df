/// A part of the file as settings are read from it, with the environment over it.
///
/// Every key that is asked for is a known one; what nobody asked for is found out afterwards. So a
/// part that is not there is asked all the same.
struct Section {
  let report: SettingsReport
  private let path: [String]
  private let place: SettingsProblem.Place
  private let entries: [SettingsFile.Entry]
  private let file: String
  /// Whether the file or the environment says anything of it.
  let isThere: Bool

  init(file: SettingsFile, report: SettingsReport) {
    self.init(
      report: report, path: [], place: .file(file.path), entries: file.root, file: file.path,
      isThere: true)
  }

  private init(
    report: SettingsReport, path: [String], place: SettingsProblem.Place,
    entries: [SettingsFile.Entry], file: String, isThere: Bool
  ) {
    self.report = report
    self.path = path
    self.place = place
    self.entries = entries
    self.file = file
    self.isThere = isThere
  }

  /// The part below `name`.
  func section(_ name: String) -> Section {
    let path = path + [name]
    report.know(path)
    let isInEnvironment = report.hasVariables(below: path)
    guard let entry = entry(name) else {
      return Section(
        report: report, path: path, place: place, entries: [], file: file,
        isThere: isInEnvironment)
    }
    var entries: [SettingsFile.Entry] = []
    switch entry.value {
    case .section(let found): entries = found
    case .nothing: break
    default: refuse(entry, expected: "keys with values", found: entry.value)
    }
    return Section(
      report: report, path: path, place: position(of: entry), entries: entries, file: file,
      isThere: true)
  }

  /// A part that switches something on by being there: with nothing below its name nobody knows
  /// whether that is meant.
  func switchedSection(_ name: String) -> Section {
    if let entry = entry(name), case .nothing = entry.value,
      !report.hasVariables(below: path + [name])
    {
      report.add(
        position(of: entry), path + [name],
        "nothing is below it; write '\(name): {}' for the defaults, or remove the line")
    }
    return section(name)
  }

  /// The value of `name`; nil where there is none, or a wrong one, which is reported.
  func value<Value>(_ name: String, _ kind: ValueKind<Value>) -> Value? {
    let path = path + [name]
    report.know(path)
    if let (variable, text) = report.variable(path) {
      if let value = kind.parse(SettingsFile.Scalar(text: text)) { return value }
      report.add(.variable(variable), nil, kind.refusal(of: .scalar(.init(text: text))))
      return nil
    }
    guard let entry = entry(name) else { return nil }
    if case .nothing = entry.value { return nil }
    if case .scalar(let scalar) = entry.value, let value = kind.parse(scalar) { return value }
    report.add(position(of: entry), path, kind.refusal(of: entry.value))
    return nil
  }

  /// As `value`, where a missing one is a problem too.
  func required<Value>(_ name: String, _ kind: ValueKind<Value>) -> Value? {
    let before = report.problemCount
    let value = value(name, kind)
    if value == nil, isThere, report.problemCount == before {
      report.add(place, path + [name], "is missing; expected \(kind.expected)")
    }
    return value
  }

  /// A list of at most 64; in the environment, separated by commas.
  func list<Value>(_ name: String, _ kind: ValueKind<Value>) -> [Value]? {
    let path = path + [name]
    report.know(path)
    if let (variable, text) = report.variable(path) {
      let scalars = text.split(separator: ",").map { SettingsFile.Scalar(text: String($0)) }
      return items(scalars, kind, .variable(variable), nil)
    }
    guard let entry = entry(name) else { return nil }
    switch entry.value {
    case .nothing: return nil
    case .list(let scalars): return items(scalars, kind, position(of: entry), path)
    default:
      refuse(entry, expected: "a list such as [A, B]", found: entry.value)
      return nil
    }
  }

  private func items<Value>(
    _ scalars: [SettingsFile.Scalar?], _ kind: ValueKind<Value>, _ place: SettingsProblem.Place,
    _ path: [String]?
  ) -> [Value]? {
    guard scalars.count <= 64 else {
      report.add(place, path, "has \(scalars.count) items; 64 at most")
      return nil
    }
    return scalars.enumerated().compactMap { index, scalar in
      if let scalar, let value = kind.parse(scalar) { return value }
      let found = scalar.map { SettingsFile.Value.scalar($0) } ?? .list([])
      report.add(place, path, "item \(index + 1): \(kind.refusal(of: found))")
      return nil
    }
  }

  /// Reports what is wrong with the part as a whole.
  func refuse(_ text: String) { report.add(place, path.isEmpty ? nil : path, text) }

  private func refuse(
    _ entry: SettingsFile.Entry, expected: String, found: SettingsFile.Value
  ) {
    report.add(
      position(of: entry), path + [entry.key], "expected \(expected), found \(found.shown)")
  }

  private func entry(_ name: String) -> SettingsFile.Entry? { entries.first { $0.key == name } }

  private func position(of entry: SettingsFile.Entry) -> SettingsProblem.Place {
    .position(file, line: entry.line, column: entry.column)
  }
}

extension ValueKind {
  fileprivate func refusal(of found: SettingsFile.Value) -> String {
    isNearSecret ? "expected \(expected)" : "expected \(expected), found \(found.shown)"
  }
}

extension SettingsFile.Value {
  fileprivate var shown: String {
    switch self {
    case .nothing: "nothing"
    case .scalar(let scalar):
      "'\(PrintableText.safe(scalar.text))'"
        + (scalar.isQuoted ? " in quotes" : "")
    case .list: "a list"
    case .section: "keys with values"
    }
  }
}
