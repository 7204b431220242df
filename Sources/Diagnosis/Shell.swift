import ReaderUSB

/// Text for a shell.
enum Shell {
  static func word(_ text: String) -> String { ShellWord.quoted(text) }

  /// Writes a line to a file that only root may write.
  static func write(_ lines: [String], to path: String) -> String {
    "printf '%s\\n' \(lines.map(word).joined(separator: " ")) | sudo tee \(word(path)) >/dev/null"
  }

  static func set(_ path: String, to value: String) -> String {
    "echo \(word(value)) | sudo tee \(word(path)) >/dev/null"
  }

  static let reloadRules =
    "sudo udevadm control --reload && sudo udevadm trigger --action=add --subsystem-match=usb"
}
