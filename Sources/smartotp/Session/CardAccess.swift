import ArgumentParser
import Cryptography
import Glibc
import OTPCard

/// How to unlock a card that has an access key.
struct CardAccess: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The card's access key: 32 hexadecimal digits, or @FILE that holds them.",
      discussion: "Default: $SMARTOTP_ACCESS_KEY.", valueName: "key"))
  var accessKey: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the card's password; - is standard input.", valueName: "file"))
  var passwordFile: String?

  func validate() throws {
    guard accessKey == nil || passwordFile == nil else {
      throw ValidationError("Give --access-key or --password-file, not both.")
    }
  }

  func access() throws -> OATHAccess {
    if let passwordFile {
      var password = try Self.firstLine(of: passwordFile)
      return .ifLocked(OATHAccessKey(password: SecretBytes(wiping: &password)))
    }
    guard let text = accessKey ?? Self.environmentKey, !text.isEmpty else { return .open }
    let digits =
      text.hasPrefix("@")
      ? String(decoding: try Self.firstLine(of: String(text.dropFirst())), as: UTF8.self) : text
    guard var bytes = Hexadecimal.bytes(digits),
      let key = OATHAccessKey(SecretBytes(wiping: &bytes))
    else {
      throw CommandFailure("the access key is not 32 hexadecimal digits", .usage)
    }
    return .ifLocked(key)
  }

  private static var environmentKey: String? {
    getenv("SMARTOTP_ACCESS_KEY").map { String(cString: $0) }
  }

  /// At most 1,024 bytes, without the line's end.
  private static func firstLine(of path: String) throws -> [UInt8] {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = String(cString: strerror(errno))
      throw CommandFailure(
        "cannot read \(path): \(reason)", errno == EACCES ? .permission : .badData)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    return Array(bytes.prefix(max(count, 0)).prefix { $0 != 0x0A && $0 != 0x0D })
  }
}
