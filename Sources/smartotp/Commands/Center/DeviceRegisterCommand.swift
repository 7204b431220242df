import ArgumentParser
import CenterClient
import DeviceIdentity
import Glibc
import SmartOTP

struct DeviceRegisterCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Registers this machine with a one-time code.",
    discussion: """
      The institution gives the code. A key is made on this machine and does not leave it; the \
      centre answers with a certificate. Registering again forgets the cards that were on it.

      Example:
        smartotp device register --center https://center.example:8443 --ca center.pem --name "branch 7"
      """)

  @OptionGroup var output: OutputOptions
  @OptionGroup var centerOptions: CenterOptions

  @Option(help: "The registration code, ten letters and digits.")
  var code: RegistrationCode?

  @Option(help: "What the device is called in lists. Default: the host's name.")
  var name: String?

  func run() async throws {
    let directory = centerOptions.stateDirectory
    let address = try centerOptions.address()
    guard let authority = try centerOptions.authority() else {
      throw CommandFailure(
        "the centre's authority is not named; give --ca FILE or set SMARTOTP_CENTER_CA", .usage)
    }
    let code = try await Asked.code(code, for: "this device")
    try await CenterSession.run(
      CenterClientConfiguration(address: address, authority: authority)
    ) { client in
      let enrollment = try DeviceEnrollment(on: Hardware())
      if !enrollment.knowsBoard {
        StandardError.line(
          "smartotp: no serial number of this board can be read; the machine id alone stands for the hardware"
        )
      }
      let answer = try await client.register(
        try enrollment.request(code: code, name: name ?? Self.hostName))
      let state = try enrollment.complete(
        answer, center: "\(address)", authority: authority, in: directory)
      show(DeviceLine(state.record, state: answer.device.state.rawValue, cards: 0))
    }
  }

  private func show(_ line: DeviceLine) {
    StandardOutput.line(
      output.json ? JSONLine.text(line) : "registered as \(line.device) (\(line.name))")
  }

  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 65)
    guard gethostname(&name, name.count - 1) == 0 else { return "device" }
    let text = String(
      decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.isEmpty ? "device" : text
  }
}
