import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("smartotp readers")
  struct ReadersTests {
    @Test("A reader is a line: connstring, state, name, chip, speed of its line")
    func text() async throws {
      let field = try Field()
      expect(
        try await field.run("readers"),
        output: line(field, "921600"))
      expect(
        try await field.run("readers", "--line-speed", "115200"),
        output: line(field, "115200"))
    }

    private func line(_ field: Field, _ speed: String) -> String {
      "\(field.reader)  ready  pn532_uart:\(field.hardware.path), PN532 1.6, \(speed) baud\n"
    }

    @Test("JSON is an object a line")
    func json() async throws {
      let field = try Field()
      expect(
        try await field.run("readers", "--json"),
        output: """
          {"chip":"PN532 1.6","connstring":"\(field.reader)","firmware":"1.6",\
          "lineSpeed":921600,\
          "name":"pn532_uart:\(field.hardware.path)","state":"ready"}

          """)
    }

    @Test("A reader that fails is a line as well, and the status says why")
    func failed() async throws {
      let connstring = "pn532_uart:/dev/null"
      expect(
        try await SmartOTP.run("readers", "-r", connstring),
        output: "\(connstring)  failed  /dev/null is no serial port; name the reader's port\n",
        errors: "smartotp: /dev/null is no serial port; name the reader's port\n", status: 69)
    }

    @Test(
      "No reader at all is said so",
      .enabled(if: access("/dev/bus/usb", F_OK) != 0, "this machine has USB and maybe a reader"))
    func none() async throws {
      expect(
        try await SmartOTP.run("readers"),
        failure: "no reader found: none is attached that libnfc knows; plug one in or name it "
          + "with --reader", status: 69)
    }

    @Test("--verbose tells on standard error what was opened, and leaves the output alone")
    func verbose() async throws {
      let field = try Field(Cards.rfc6238)
      expect(
        try await field.run("code", "sha1", "--at", "59", "-v"), output: "94287082\n",
        errors: "smartotp: opened \(field.reader): PN532 1.6, 921600 baud\n")
    }
  }
}
