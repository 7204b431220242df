import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("Readers and files that cannot be used")
  struct BadReaderTests {
    /// A name that is no reader's, and what is said about it.
    struct BadName: Sendable, CustomTestStringConvertible {
      var name: String
      var failure: String
      var testDescription: String { name }
    }

    static let badNames = [
      BadName(
        name: "abacus:/dev/ttyUSB0",
        failure: "no reader 'abacus:/dev/ttyUSB0': a name is driver:device, and 'smartotp readers' "
          + "shows those there are"),
      BadName(
        name: "pn532_uart",
        failure: "no reader 'pn532_uart': a name is driver:device, and 'smartotp readers' shows "
          + "those there are"),
      BadName(
        name: "pn532_uart:/dev/nothing",
        failure: "no reader at /dev/nothing: the device is not there; plug it in"),
      BadName(
        name: "pn532_uart:/dev/null",
        failure: "/dev/null is no serial port; name the reader's port"),
    ]

    @Test("A name that is no reader's is one line and status 69", arguments: badNames)
    func name(bad: BadName) async throws {
      for command in [["code"], ["poll"], ["card"], ["apdu", "00A40400"]] {
        let program = try SmartOTP.start(command + ["-r", bad.name])
        expect(await program.end(), failure: bad.failure, status: 69)
      }
    }

    @Test("A port where nothing answers is status 69")
    func silent() async throws {
      let port = try BarePort()
      expect(
        try await SmartOTP.run("code", "-r", "pn532_uart:\(port.path)"),
        failure: "nothing that answers as a reader at pn532_uart:\(port.path): check wiring, "
          + "mode switches and speed", status: 69)
    }

    @Test("A port where something else talks is status 69")
    func garrulous() async throws {
      let port = try BarePort()
      port.talk(Array("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n".utf8))
      expect(
        try await SmartOTP.run("code", "-r", "pn532_uart:\(port.path)"),
        failure: "nothing that answers as a reader at pn532_uart:\(port.path): check wiring, "
          + "mode switches and speed", status: 69)
    }

    @Test(
      "A port that may not be opened is status 77",
      .enabled("no unprivileged user can run the program here") {
        try await Unprivileged.isPossible
      })
    func permission() async throws {
      let port = try BarePort()
      chmod(port.path, Unprivileged.mode)
      expect(
        try await SmartOTP.run(
          "code", "-r", "pn532_uart:\(port.path)", through: Unprivileged.wrapper),
        failure: "no access to \(port.path): permission denied; add yourself to the device's group",
        status: 77)
    }

    @Test("A reader that another process holds is status 74, and says which")
    func held() async throws {
      let field = try Field()
      let poll = try field.start(["poll"])
      await field.looked.wait()
      let driver = try #require(Processes.holding(field.hardware.path).first)
      expect(
        try await field.run("code"),
        failure: "the reader is in use: \(field.hardware.path) is held by process \(driver); "
          + "stop that program and try again", status: 74)
      poll.interrupt()
      expect(await poll.end(), failure: "interrupted", status: 130)
    }

    @Test("A trace that cannot be written is said before a card is asked for")
    func trace() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "bob", "--trace", "/nowhere/trace.pcapng"),
        failure: "cannot write /nowhere/trace.pcapng: No such file or directory", status: 65)
      expect(
        try await field.run("code", "bob", "--trace", "/"),
        failure: "cannot write /: Is a directory", status: 65)
      #expect(field.commands.isEmpty)
    }

    @Test("A trace that cannot be finished is said, and the code is not lost")
    func fullDisk() async throws {
      let field = try Field(Cards.people)
      expect(
        try await field.run("code", "bob", "--at", "59", "--trace", "/dev/full"),
        output: "599872\n",
        errors: "smartotp: /dev/full is not complete: No space left on device\n",
        status: 65)
    }

    @Test("A code that cannot be written is no success")
    func output() async throws {
      let field = try Field(Cards.people)
      let command = "exec \(SmartOTP.path) code bob --reader \(field.reader) > /dev/full"
      let program = try RunningProgram(["sh", "-c", command], environment: SmartOTP.environment)
      expect(
        await program.end(), failure: "cannot write the output: No space left on device",
        status: 74)
    }

    @Test("Whoever reads the output may stop: poll ends then, and hands the reader back")
    func closedPipe() async throws {
      let card = Cards.people
      let field = try Field(card)
      let command = "\(SmartOTP.path) poll --reader \(field.reader) | head -n 1"
      let program = try RunningProgram(["sh", "-c", command], environment: SmartOTP.environment)
      await program.lines(1)
      field.hardware.remove(card)
      let outcome = await program.end()
      #expect(outcome.output.split(separator: "\n").count == 1)
      expect(outcome, output: outcome.output)
      #expect(try await Processes.areGone(from: field.hardware.path))
    }

    @Test("A key file that is not there is said")
    func keyFile() async throws {
      for option in ["--access-key=@/nowhere/key", "--password-file=/nowhere/key"] {
        expect(
          try await SmartOTP.run("code", option),
          failure: "cannot read /nowhere/key: No such file or directory", status: 65)
      }
    }
  }
}

/// How to run the program as a user who may not open everything.
enum Unprivileged {
  /// Root ignores permission bits, so root's tests become nobody.
  static let wrapper =
    geteuid() == 0
    ? ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] : []
  static let mode: mode_t = geteuid() == 0 ? 0o600 : 0

  /// Whether that user can reach the program and its driver: a checkout may lie in somebody's
  /// private folder.
  static var isPossible: Bool {
    get async throws {
      try await SmartOTP.run("code", "-r", "pn532_uart:/dev/null", through: wrapper)
        .errors.contains("is no serial port")
    }
  }
}

/// A pseudo-terminal without a reader behind it.
final class BarePort: Sendable {
  private let master: Int32
  private let slave: Int32
  let path: String

  init() throws {
    var ends: (master: Int32, slave: Int32) = (-1, -1)
    try #require(openpty(&ends.master, &ends.slave, nil, nil, nil) == 0)
    (master, slave) = ends
    path = String(cString: try #require(ttyname(slave)))
    for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(slave)
    close(master)
  }

  /// Fills the port's input with what a device of another kind says.
  func talk(_ bytes: [UInt8]) {
    for _ in 0..<20 { _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) } }
  }
}
