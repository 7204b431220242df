import ArgumentParser
import CenterClient
import DeviceIdentity
import Glibc
import SmartOTP

/// Where the centre is, and who asks it.
struct CenterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The centre's address, such as https://center.example:8443.",
      discussion: "Default: $SMARTOTP_CENTER; a registered device knows its own.",
      valueName: "url"))
  var center: String?

  @Option(
    help: ArgumentHelp(
      "Who asks: an institution's PEM file with certificate and key (or the name of a .pem and a .key file without its ending), or a device's state directory.",
      discussion:
        "Default: $SMARTOTP_IDENTITY; a device's state is in $XDG_STATE_HOME/smartotp, /var/lib/smartotp for root.",
      valueName: "path"))
  var identity: String?

  @Option(
    help: ArgumentHelp(
      "The centre's certificate authority, PEM.",
      discussion: "Default: $SMARTOTP_CENTER_CA, then the authority in the identity's own file.",
      valueName: "file"))
  var ca: String?

  private static func value(_ option: String?, _ variable: String) -> String? {
    if let option { return option }
    guard let value = getenv(variable), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  var identityPath: String? { Self.value(identity, "SMARTOTP_IDENTITY") }
  var authorityPath: String? { Self.value(ca, "SMARTOTP_CENTER_CA") }

  /// - Throws: `CommandFailure` where there is none, or it is not one.
  func address(default known: String? = nil) throws -> CenterAddress {
    guard let text = Self.value(center, "SMARTOTP_CENTER") ?? known else {
      throw CommandFailure(
        "no centre is named; give --center https://host:port or set SMARTOTP_CENTER", .usage)
    }
    guard let address = CenterAddress(text) else {
      throw CommandFailure("'\(text)' is no address of a centre; write https://host:port", .usage)
    }
    return address
  }

  func authority() throws -> [UInt8]? {
    try authorityPath.map { try TextFile.read($0) }
  }

  /// The device's state directory.
  var stateDirectory: StateDirectory {
    identityPath.map(StateDirectory.init) ?? .standard
  }
}

/// Output options of commands that need no reader.
struct OutputOptions: ParsableArguments {
  @Flag(help: "One JSON object per line.")
  var json = false
}
