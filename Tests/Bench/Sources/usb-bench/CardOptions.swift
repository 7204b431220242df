import ArgumentParser
import Simulation
import SmartCard

struct CardOptions: ParsableArguments {
  @Option(help: "oath, mifare-classic, mifare-ultralight or none.")
  var card = Kind.oath

  @Option(help: "The OATH application's behaviour: yubikey, javacard, token or stick.")
  var profile = "yubikey"

  @Option(
    help: ArgumentHelp(
      """
      A credential NAME=BASE32, followed by any of ,hotp ,sha256 ,sha512 ,8 ,counter=N ,touch. \
      May be repeated; without any there is “test” with RFC 6238's key.
      """, valueName: "credential"))
  var credential: [String] = []

  @Option(help: "A Smart OTP credential, VENDOR:SERIAL:HEXKEY. May be repeated.")
  var smartOtp: [String] = []

  @Option(help: "Key that locks the OATH application, in hexadecimal.")
  var accessKey: String?

  @Option(help: "UID, in hexadecimal.")
  var uid: String?

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case oath, none
    case mifareClassic = "mifare-classic"
    case mifareUltralight = "mifare-ultralight"
  }

  func cards() throws -> [any VirtualCard] {
    switch card {
    case .oath: [try oathCard()]
    case .mifareClassic: [MIFAREClassicCard()]
    case .mifareUltralight: [MIFAREUltralightCard()]
    case .none: []
    }
  }

  private func oathCard() throws -> OATHCard {
    guard let profile = OATHProfile.all.first(where: { $0.name == profile }) else {
      let names = OATHProfile.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--profile \(self.profile): choose one of \(names)")
    }
    return OATHCard(
      profile: profile,
      activation: .typeA(try uid.map { .isoDEP(uid: try bytes($0, "--uid")) } ?? .isoDEP()),
      credentials: try credentials(), accessKey: try accessKey.map { try bytes($0, "--access-key") }
    )
  }

  private func credentials() throws -> [OATHCredential] {
    let texts =
      credential.isEmpty && smartOtp.isEmpty
      ? ["test=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"] : credential
    let plain = try texts.map { text in
      guard let credential = OATHCredential(parsing: text) else {
        throw ValidationError("“\(text)” is no credential: NAME=BASE32[,hotp][,sha256][,8]…")
      }
      return credential
    }
    return try plain + smartOtp.map(smartOTPCredential)
  }

  private func smartOTPCredential(_ text: String) throws -> OATHCredential {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
      throw ValidationError("--smart-otp \(text): write VENDOR:SERIAL:HEXKEY")
    }
    return .smartOTP(vendor: parts[0], serial: parts[1], key: try bytes(parts[2], "--smart-otp"))
  }

  private func bytes(_ text: String, _ option: String) throws -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(text), !bytes.isEmpty else {
      throw ValidationError("\(option) \(text): not hexadecimal")
    }
    return bytes
  }
}
