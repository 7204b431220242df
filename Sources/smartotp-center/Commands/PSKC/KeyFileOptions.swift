import ArgumentParser
import Cryptography
import PSKC
import SmartOTP

/// How a key file is protected, as options. Secrets come from files, not from the command line,
/// which other users see.
struct KeyFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file with the passphrase; its last newline does not count.", valueName: "file"))
  var passphrase: String?
  @Option(help: ArgumentHelp("A file with the pre-shared AES key in hex.", valueName: "file"))
  var key: String?

  func validate() throws {
    guard passphrase == nil || key == nil else {
      throw ValidationError("give either --passphrase or --key")
    }
  }

  func unlocking() throws -> PSKCUnlocking {
    if let secret = try passphraseBytes() { return .passphrase(secret) }
    if let secret = try keyBytes() { return .preSharedKey(secret) }
    return .none
  }

  func protection(plain: Bool) throws -> PSKCProtection {
    if let secret = try passphraseBytes() { return .passphrase(secret) }
    if let secret = try keyBytes() { return .preSharedKey(secret, name: "Pre-shared-key") }
    guard plain else {
      throw ValidationError(
        "give --passphrase or --key, or --plain for a file as secret as the keys")
    }
    return .plain
  }

  private func passphraseBytes() throws -> SecretBytes? {
    guard let passphrase else { return nil }
    var bytes = try PrivateFile.read(passphrase)
    if bytes.last == 0x0A { bytes.removeLast() }
    return SecretBytes(wiping: &bytes)
  }

  private func keyBytes() throws -> SecretBytes? {
    guard let key else { return nil }
    let text = String(decoding: try PrivateFile.read(key), as: UTF8.self)
    let digits = text.filter { !$0.isWhitespace }
    guard var bytes = [UInt8](hexadecimal: digits), [16, 24, 32].contains(bytes.count) else {
      throw CommandFailure(.badData, "\(key) does not hold 16, 24 or 32 bytes in hex")
    }
    return SecretBytes(wiping: &bytes)
  }
}

extension PSKCContainer {
  /// The file at `path`, whole.
  static func read(_ path: String, _ options: KeyFileOptions) throws -> PSKCContainer {
    do {
      return try PSKCContainer(xml: PrivateFile.read(path), unlocking: options.unlocking())
    } catch let error as PSKCError {
      throw CommandFailure(.badData, "\(path): \(error)")
    }
  }
}
