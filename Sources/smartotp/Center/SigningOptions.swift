import ArgumentParser
import Cryptography

/// The customer's accredited certificate.
struct SigningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The customer's certificate and key: a PKCS#12 file (.p12, .pfx), or PEM.",
      valueName: "file"))
  var certificate: String?

  @Option(
    help: ArgumentHelp(
      "A file whose first line is the passphrase of that file; without it, it is asked for.",
      valueName: "file"))
  var passphraseFile: String?

  /// A CMS message of `content`, signed, DER.
  ///
  /// - Throws: `CommandFailure`.
  func sign(_ content: [UInt8]) async throws -> [UInt8] {
    let identity = try await identity()
    do {
      return try SignedMessage(signing: content, by: identity).encoding
    } catch {
      throw CommandFailure("the request cannot be signed (\(error))", .internalError)
    }
  }

  private func identity() async throws -> SigningIdentity {
    guard let certificate else {
      throw CommandFailure("--online takes --certificate FILE", .usage)
    }
    let file = try TextFile.readSecret(certificate)
    let isPEM = file.withUnsafeBytes { $0.starts(with: Array("-----".utf8)) }
    let isBag = file.withUnsafeBytes { $0.starts(with: Array("Bag Attributes".utf8)) }
    var passphrase = try passphraseFile.map(Self.firstLine)
    if passphrase == nil, !isPEM, !isBag {
      var typed = try await Terminal.secret(
        "Passphrase of \(certificate)", option: "--passphrase-file")
      passphrase = SecretBytes(wiping: &typed)
    }
    do {
      guard isPEM || isBag else {
        return try SigningIdentity(
          pkcs12: file.withUnsafeBytes { Array($0) }, passphrase: passphrase ?? SecretBytes([]))
      }
      return try SigningIdentity(
        certificates: file.withUnsafeBytes { Array($0) }, key: file, passphrase: passphrase)
    } catch {
      throw Self.failure(error, certificate)
    }
  }

  private static func firstLine(of path: String) throws -> SecretBytes {
    var line = try TextFile.readSecret(path).withUnsafeBytes {
      Array($0.prefix { $0 != 0x0A && $0 != 0x0D })
    }
    return SecretBytes(wiping: &line)
  }

  private static func failure(_ error: CryptographyError, _ path: String) -> CommandFailure {
    switch error.reason {
    case .decryptionFailed:
      CommandFailure("the passphrase does not open \(path)", .permission)
    case .tooCostly:
      CommandFailure(
        "\(path) takes more than \(PBKDF2.maximumIterations) rounds to open; export it again with openssl pkcs12 -iter 600000",
        .badData)
    case .unsupported:
      CommandFailure(
        "\(path) is protected with an old cipher; export it again with openssl pkcs12 -legacy, then without",
        .badData)
    case .invalidInput:
      CommandFailure(
        "\(path) has no certificate with its own key, RSA of 2048 bits or more or EC", .badData)
    default: CommandFailure("\(path) is neither PKCS#12 nor PEM", .badData)
    }
  }
}
