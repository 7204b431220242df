import Simulation
import SmartOTP
import Testing

extension SmartOTPTests {
  /// What counts as the card having been lifted between the two taps. The pauses are the
  /// disturbances' lengths, not waits for something.
  @Suite("Lifting the card")
  struct LiftTests {
    /// Ways for a line or a chip to fail while the card lies there.
    enum Disturbance: String, CaseIterable, Sendable {
      case framesLost, answersGarbled, chipMute, chipDeaf, lineCut, powerLost

      func begin(on reader: SimulatedReader) {
        switch self {
        case .framesLost:
          reader.arm(.line(.toChip, frame: 0, kind: .information, byte: 3, .drop, repeats: true))
        case .answersGarbled:
          reader.arm(
            .line(.toHost, frame: 0, kind: .information, byte: 6, .flip(0x10), repeats: true))
        case .chipMute: reader.arm(.chip(command: 0, .mute, repeats: true))
        case .chipDeaf: reader.arm(.chip(command: 0, .ignore, repeats: true))
        case .lineCut: reader.arm(.line(.toChip, frame: 0, byte: 0, .cut))
        case .powerLost: reader.powerCycle()
        }
      }

      func end(on reader: SimulatedReader) {
        reader.disarm()
        reader.heal()
      }
    }

    @Test(
      "A card that never leaves confirms nothing, however the line fails and however long",
      arguments: Disturbance.allCases)
    func resting(disturbance: Disturbance) async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        let transaction = try await centre.post(TestCentre.ownCard)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        for length in [60, 400, 1500] {
          try await field.answers(running)
          disturbance.begin(on: field.hardware)
          try await Task.sleep(for: .milliseconds(length))
          disturbance.end(on: field.hardware)
          try await field.answers(running)
          #expect(running.lineCount == 1, "\(length) ms")
        }
        let state = try await centre.run(
          "transaction", "show", transaction, "--json", as: centre.bank())
        #expect(TestCentre.value("state", in: state.output) == "pending")
        // It was alive all the time: a real lift confirms.
        await field.swap(card, for: card, under: running, line: 2)
        let outcome = await running.end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(TestCentre.value("code", in: outcome.output) != nil)
      }
    }

    @Test("A card that is lifted for a tenth of a second confirms nothing")
    func tooShort() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        _ = try await centre.post(TestCentre.ownCard)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        for _ in 0..<5 {
          try await field.answers(running)
          field.hardware.arm(.card(apdu: 0, .pullBefore(returnsAfter: .milliseconds(100))))
          try await field.reaches { field.hardware.faultsFired > 0 }
          try await field.answers(running)
        }
        #expect(running.lineCount == 1)
        running.interrupt()
        #expect(await running.end().status == 130)
      }
    }

    @Test("A card that is lifted and laid on again confirms")
    func lifted() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        _ = try await centre.post(TestCentre.ownCard)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        field.hardware.arm(.card(apdu: 0, .pullBefore(returnsAfter: .seconds(2))))
        let outcome = await running.end()
        #expect(outcome.status == 0, "\(outcome)")
        #expect(TestCentre.value("code", in: outcome.output) != nil)
      }
    }

    @Test("A card that left while the line failed is away once the chip has said so")
    func leftUnseen() async throws {
      try await TestCentre.withOwnCard { centre, field, card in
        _ = try await centre.post(TestCentre.ownCard)
        let running = try field.start(["confirm", "--json"], environment: centre.device())
        await running.lines(1)
        Disturbance.lineCut.begin(on: field.hardware)
        field.hardware.remove(card)
        try await Task.sleep(for: .milliseconds(500))
        #expect(running.lineCount == 1)
        Disturbance.lineCut.end(on: field.hardware)
        await running.lines(2)
        field.hardware.insert(card)
        #expect(await running.end().status == 0)
      }
    }
  }
}

extension Field {
  /// Waits until the card has answered the program some more APDUs.
  fileprivate func answers(_ program: RunningProgram) async throws {
    let before = hardware.frames.last?.time ?? .zero
    try await reaches {
      program.hasEnded
        || hardware.frames.reversed().prefix { $0.time > before }.count { frame in
          frame.direction == .toHost && !frame.isDamaged
            && frame.bytes.dropFirst(5).starts(with: [0xD5, 0x41, 0x00])
        } >= 2
    }
  }
}
