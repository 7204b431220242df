import Glibc
import Simulation
import Testing

extension SmartOTPTests {
  @Suite("Ctrl-C", .serialized)
  struct InterruptionTests {
    /// Field off, then the chip asleep: the last that it hears of a program that ends well.
    private static let goodbye: [[UInt8]] = [[0x32, 0x01, 0x00], [0x16, 0xF0]]
    private static let lineSpeedBack: [UInt8] = [0x10, 0x04]

    /// The chip was handed back as libnfc expects it, and nobody is left on its line.
    private func expectHandedBack(_ field: Field) {
      #expect(Processes.holding(field.hardware.path).isEmpty)
      #expect(Array(field.commands.suffix(2)) == Self.goodbye)
      #expect(field.commands.contains(Self.lineSpeedBack))
      #expect(field.lineSpeed == speed_t(B115200))
    }

    @Test(
      "A waiting command ends with status 130, its reader handed back",
      arguments: [["poll"], ["code"], ["card"], ["apdu", "00A40400"]])
    func waiting(command: [String]) async throws {
      let field = try Field()
      let program = try field.start(command)
      await field.looked.wait()
      #expect(Processes.holding(field.hardware.path).count == 1)
      program.interrupt()
      expect(await program.end(), failure: "interrupted", status: 130)
      expectHandedBack(field)
    }

    @Test("poll ends the same way with a card in the field, and so it does for SIGTERM")
    func cardInField() async throws {
      for signal in [SIGINT, SIGTERM, SIGHUP] {
        let field = try Field(Cards.card())
        let program = try field.start(["poll"])
        await program.lines(1)
        program.signal(signal)
        let outcome = await program.end()
        #expect(outcome.output.split(separator: "\n").count == 1)
        expect(
          outcome, output: outcome.output, errors: "smartotp: interrupted\n", status: 130)
        expectHandedBack(field)
      }
    }

    @Test("A tap that waits for its card to come back ends the same way")
    func cardPulled() async throws {
      let field = try Field(Cards.people)
      field.hardware.arm(.card(apdu: 0, .pullBefore()))
      let program = try field.start(["code", "bob"])
      await field.exchanged.wait()
      program.interrupt()
      expect(await program.end(), failure: "interrupted", status: 130)
      expectHandedBack(field)
    }

    @Test("A second Ctrl-C does not wait for anything")
    func twice() async throws {
      let port = try BarePort()
      let program = try SmartOTP.start(["code", "-r", "pn532_uart:\(port.path)"])
      for _ in 0..<6000 {
        if program.hasEnded || !Processes.holding(port.path).isEmpty { break }
        try await Task.sleep(for: .milliseconds(5))
      }
      program.interrupt()
      program.signal(SIGTERM)
      let outcome = await program.end()
      // Sent at once, they may arrive in either order.
      #expect([128 + SIGINT, 128 + SIGTERM].contains(outcome.status))
      expect(outcome, status: outcome.status)
      #expect(try await Processes.areGone(from: port.path))
    }

    @Test("The next program has the reader at once")
    func next() async throws {
      let field = try Field(Cards.people)
      let program = try field.start(["poll"])
      await program.lines(1)
      program.interrupt()
      _ = await program.end()
      expect(try await field.run("code", "bob", "--at", "59"), output: "599872\n")
    }

    @Test("A program that is killed leaves nobody behind, and the reader in order")
    func killed() async throws {
      let field = try Field(Cards.people)
      let program = try field.start(["poll"])
      await program.lines(1)
      program.signal(SIGKILL)
      #expect(await program.end().status == -SIGKILL)
      #expect(try await Processes.areGone(from: field.hardware.path))
      expectHandedBack(field)
    }

    @Test("A driver that is killed while a command waits is replaced")
    func driverKilled() async throws {
      let field = try Field()
      let program = try field.start(["code", "bob", "--at", "59"])
      await field.looked.wait()
      for driver in Processes.holding(field.hardware.path) { kill(driver, SIGKILL) }
      field.hardware.insert(Cards.people)
      expect(await program.end(), output: "599872\n")
      #expect(Processes.holding(field.hardware.path).isEmpty)
    }
  }
}
