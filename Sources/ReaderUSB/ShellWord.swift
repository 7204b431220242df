/// Words of commands that people paste into a shell.
public enum ShellWord {
  /// A word that a shell takes as it is: quoted if it holds anything but harmless characters. Names of
  /// devices and files come from outside and end up in such commands.
  public static func quoted(_ text: String) -> String {
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
}
