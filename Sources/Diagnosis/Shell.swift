/// Text for a shell.
enum Shell {
  /// A word that a shell takes as it is: quoted if it holds anything but harmless characters. Names of
  /// devices and files come from outside and end up in commands people paste.
  static func word(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "._/:@+-,=".utf8.contains(byte)
      }
    }
    if plain, !text.isEmpty { return text }
    return "'"
      + text.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }

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
