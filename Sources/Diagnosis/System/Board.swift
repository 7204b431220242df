import ReaderUSB

/// A Raspberry Pi, and what its firmware was told at the start.
struct Board: Sendable {
  /// Such as `Raspberry Pi 4 Model B Rev 1.4`.
  let model: String
  /// config.txt, where it was found.
  let configurationFile: String
  private let settings: [String]
  /// cmdline.txt, where it was found.
  let commandLineFile: String
  let commandLine: [String]

  /// Nil on other computers.
  init?(files: FileTree) {
    guard let text = files.text("/proc/device-tree/model", limit: 256) else { return nil }
    model = DisplayText.safe(text.prefix { $0 != "\0" })
    guard model.hasPrefix("Raspberry Pi") else { return nil }
    let folder = files.exists("/boot/firmware/config.txt") ? "/boot/firmware" : "/boot"
    configurationFile = "\(folder)/config.txt"
    commandLineFile = "\(folder)/cmdline.txt"
    commandLine = (files.line(commandLineFile) ?? "").split(separator: " ").map(String.init)
    // Sections for other models are taken as if for this one: a wrong "set" costs less than a wrong
    // "not set".
    settings = (files.text(configurationFile) ?? "").split(separator: "\n").map {
      String($0.trimmed)
    }.filter { !$0.hasPrefix("#") }
  }

  var isPi5: Bool { model.contains("Pi 5") || model.contains("Compute Module 5") }

  func has(_ setting: String) -> Bool {
    settings.contains { $0 == setting || $0.hasPrefix("\(setting),") }
  }

  /// The last value of `key=`.
  func value(_ key: String) -> String? {
    settings.last { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
  }

  /// The ports that the kernel's console is on.
  var consoles: [String] {
    commandLine.filter { $0.hasPrefix("console=") }.map {
      String($0.dropFirst("console=".count).prefix { $0 != "," })
    }
  }
}
