import ReaderUSB

/// What /etc/nfc and the environment tell libnfc.
struct LibNFCConfiguration: Sendable {
  static let variables = [
    "LIBNFC_DEVICE", "LIBNFC_DEFAULT_DEVICE", "LIBNFC_AUTO_SCAN", "LIBNFC_INTRUSIVE_SCAN",
    "LIBNFC_LOG_LEVEL",
  ]
  static let file = "/etc/nfc/libnfc.conf"
  static let folder = "/etc/nfc/devices.d"

  /// A line that sets something.
  struct Setting: Hashable, Sendable {
    var file: String
    var line: Int
    var key: String
    var value: String

    var place: String { "\(file):\(line)" }
  }

  var settings: [Setting] = []
  /// Lines that are neither a setting nor a comment.
  var brokenLines: [(file: String, line: Int)] = []
  /// Files in devices.d that libnfc passes over, since their names do not end in .conf.
  var ignoredFiles: [String] = []

  init(files: FileTree) {
    read(Self.file, files)
    for name in files.names(Self.folder) where !name.hasPrefix(".") {
      let path = "\(Self.folder)/\(name)"
      if name.hasSuffix(".conf") { read(path, files) } else { ignoredFiles.append(path) }
    }
  }

  private mutating func read(_ path: String, _ files: FileTree) {
    let lines = (files.text(path) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") && !line.trimmed.isEmpty {
      let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        brokenLines.append((path, index + 1))
        continue
      }
      var value = parts[1]
      if value.count > 1, value.hasPrefix("\""), value.hasSuffix("\"") {
        value = value.dropFirst().dropLast()
      }
      settings.append(
        Setting(
          file: path, line: index + 1, key: DisplayText.safe(parts[0]),
          value: DisplayText.safe(value)))
    }
  }

  /// The keys libnfc 1.8.0 knows; those of devices.d stand without `device.` there.
  private static let deviceKeys = ["name", "connstring", "optional"]
  private static let generalKeys = ["allow_autoscan", "allow_intrusive_scan", "log_level"]

  private func isKnown(_ setting: Setting) -> Bool {
    if setting.file != Self.file { return Self.deviceKeys.contains(setting.key) }
    return Self.generalKeys.contains(setting.key)
      || Self.deviceKeys.contains { setting.key == "device.\($0)" }
  }

  var unknownKeys: [Setting] { settings.filter { !isKnown($0) } }

  /// The readers it names, in order.
  var connstrings: [Setting] {
    settings.filter {
      isKnown($0) && ($0.key == "device.connstring" || $0.key == "connstring")
    }
  }

  /// The last setting of a switch counts; libnfc understands these words for on and off.
  func flag(_ key: String) -> (isOn: Bool, place: String)? {
    settings.last { $0.key == key && $0.file == Self.file }.flatMap { setting in
      Self.boolean(setting.value).map { ($0, setting.place) }
    }
  }

  static func boolean(_ text: String) -> Bool? {
    switch text {
    case "yes", "true", "1": true
    case "no", "false", "0": false
    default: nil
    }
  }
}
