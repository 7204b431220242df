import ArgumentParser
import Simulation

struct CardOptions: ParsableArguments {
  @Option(
    name: .customLong("card"),
    help: ArgumentHelp(
      """
      oath, type-b, mifare-classic, mifare-ultralight, vpcd, or hostile:NAME. May be repeated; \
      oath if left out. vpcd waits for a card program that speaks vpcd's protocol.
      """, valueName: "kind"))
  var kindTexts: [String] = []

  @Option(help: "The OATH application's behaviour: yubikey, javacard, token or stick.")
  var profile = "yubikey"

  @Option(
    help: ArgumentHelp(
      """
      A credential NAME=BASE32, followed by any of ,hotp ,sha256 ,sha512 ,8 ,counter=N ,touch. \
      May be repeated.
      """, valueName: "credential"))
  var credential: [String] = []

  @Option(help: "A file with one such credential a line; # begins a comment.")
  var seedFile: String?

  @Option(help: "Key that locks the OATH application, in hexadecimal.")
  var accessKey: String?

  @Option(help: "A Smart OTP credential, VENDOR:SERIAL:HEXKEY. May be repeated.")
  var smartOtp: [String] = []

  @Option(help: "UID of a type A card, in hexadecimal; “random” draws one at every powering.")
  var uid: String?

  @Option(help: "Answer to select of a type A card, in hexadecimal, length byte included.")
  var ats: String?

  @Flag(help: "Start with an empty field.")
  var absent = false

  @Option(help: "Port at which --card vpcd waits.")
  var vpcdPort: UInt16 = 35_963

  @Option(help: "Also put the first card into vpcd's reader at HOST:PORT, for PC/SC programs.")
  var serveVpcd: String?

  enum Kind: Equatable {
    case oath, typeB, mifareClassic, mifareUltralight, vpcd
    case hostile(CardActivation)
  }

  func kinds() throws -> [Kind] {
    try (kindTexts.isEmpty ? ["oath"] : kindTexts).map(kind)
  }

  private func kind(_ text: String) throws -> Kind {
    switch text {
    case "oath": return .oath
    case "type-b": return .typeB
    case "mifare-classic": return .mifareClassic
    case "mifare-ultralight": return .mifareUltralight
    case "vpcd": return .vpcd
    default:
      let cases = HostileActivation.all
      if let found = cases.first(where: { text == "hostile:\($0.name)" }) {
        return .hostile(found.activation)
      }
      let known = cases.map(\.name).joined(separator: ", ")
      throw ValidationError("--card \(text): no such card. After hostile: come \(known).")
    }
  }
}
