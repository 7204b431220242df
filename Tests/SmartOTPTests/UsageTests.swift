import Testing

extension SmartOTPTests {
  @Suite("Usage errors")
  struct UsageTests {
    struct Misuse: Sendable, CustomTestStringConvertible {
      var arguments: [String]
      var failure: String

      init(_ arguments: String..., failure: String) {
        self.arguments = arguments
        self.failure = failure
      }

      var testDescription: String { arguments.joined(separator: " ") }
    }

    static let misuses = [
      Misuse("dance", failure: "Unexpected argument 'dance'; see 'smartotp --help'"),
      Misuse(
        "code", "--frobnicate", failure: "Unknown option '--frobnicate'; see 'smartotp code --help'"
      ),
      Misuse(
        "code", "--wait", "soon",
        failure: "The value 'soon' is invalid for '--wait <seconds>'; see 'smartotp code --help'"),
      Misuse(
        "code", "--wait", "3601",
        failure: "--wait takes 0 to 3600 seconds; see 'smartotp code --help'"
      ),
      Misuse(
        "code", "--all", "github",
        failure: "--all takes no credential and no challenge; see 'smartotp code --help'"),
      Misuse(
        "code", "github", "--challenge", "0102030405060708",
        failure: "--challenge needs a credential smartotp:<vendor code>:<serial>; "
          + "see 'smartotp code --help'"),
      Misuse(
        "code", "smartotp:K01:12345678", "--challenge", "0102030405060700",
        failure: "--challenge takes 8 bytes in hexadecimal, none of them zero; "
          + "see 'smartotp code --help'"),
      Misuse(
        "code", "smartotp:K01:12345678", "--challenge", "0102030405060708", "--at", "59",
        failure: "--challenge and --at exclude each other; see 'smartotp code --help'"),
      Misuse(
        "code", "--access-key", "00", "--password-file", "-",
        failure: "Give --access-key or --password-file, not both; see 'smartotp code --help'"),
      Misuse(
        "code", "--access-key", "00", failure: "the access key is not 32 hexadecimal digits"),
      Misuse(
        "poll", "--for", "0",
        failure: "--for takes a positive number of seconds; see 'smartotp poll --help'"),
      Misuse(
        "apdu", "00A40400", "--script", "file",
        failure: "Give APDUs or --script, not both; see 'smartotp apdu --help'"),
      Misuse(
        "apdu", "--expect", "9000",
        failure: "--expect belongs to an APDU: there are more of them than APDUs; "
          + "see 'smartotp apdu --help'"),
      Misuse(
        "apdu", "00A40400", "--expect", "900",
        failure: "--expect '900': the expected answer has 3 digits in a row; a byte takes two; "
          + "see 'smartotp apdu --help'"),
      Misuse(
        "trace", "--for", "0",
        failure: "--for takes a positive number of seconds; see 'smartotp trace --help'"),
      Misuse(
        "trace", "--apdu", "xyz", failure: "'xyz' is not hexadecimal; see 'smartotp trace --help'"),
      Misuse(
        "trace", "tap.pcapng", "--chip",
        failure: "--for, --chip and --apdu are for a live trace, not for a file; "
          + "see 'smartotp trace --help'"),
      Misuse(
        "code", "--trace", "-",
        failure: "--trace takes the name of a file; --explain shows what it holds; "
          + "see 'smartotp code --help'"),
      Misuse("apdu", "xyz", failure: "'xyz' is not hexadecimal; see 'smartotp apdu --help'"),
      Misuse(
        "apdu", "00A40400", "--deadline", "0",
        failure: "--deadline takes 1 to 60000 milliseconds; see 'smartotp apdu --help'"),
    ]

    @Test("A usage error is one line and status 64", arguments: misuses)
    func usage(misuse: Misuse) async throws {
      let outcome = try SmartOTP.start(misuse.arguments)
      expect(await outcome.end(), failure: misuse.failure, status: 64)
    }
  }
}
