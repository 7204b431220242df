import OTPCard
import Reader
import Simulation
import SmartCard
import Testing

extension SmartOTPTests {
  /// A waiting appliance keeps one connection for years: no card may spoil it for the next.
  @Suite("One connection for honest and hostile cards")
  struct LongLivedConnectionTests {
    private let hardware: SimulatedReader
    private let reader: LibNFCReader
    private let honest = Cards.card(Simulation.OATHCredential(name: "a", key: Cards.key))

    init() throws {
      hardware = try SimulatedReader()
      reader = LibNFCReader(connstring: hardware.connectionString)
    }

    /// The code of the card in the field.
    private func code() async throws -> String {
      let deadline = ContinuousClock.now + .seconds(10)
      let card = try await reader.awaitCard(deadline: deadline)
      let code = try await OTPCard.OATHCard(card)
        .code(matching: nil, at: 59, deadline: deadline).code.digitsText
      card.release()
      return code
    }

    private func expectHonestCardWorks(after name: String) async throws {
      hardware.insert(honest)
      #expect(try await code() == "287082", "after \(name)")
      hardware.remove(honest)
    }

    @Test("After each lying card the next card works")
    func activations() async throws {
      for (name, activation) in HostileActivation.all {
        let card = Simulation.OATHCard(
          activation: activation,
          credentials: [Simulation.OATHCredential(name: "a", key: Cards.key)])
        hardware.insert(card)
        if let lie = HostileCards.lie(of: name) {
          await #expect(throws: ReaderError.malformedCard(lie), "\(name)") { try await code() }
        } else {
          #expect(try await code() == "287082", "\(name)")
        }
        hardware.remove(card)
        try await expectHonestCardWorks(after: name)
      }
      await reader.close()
    }

    @Test("After each attack the next card works")
    func attacks() async throws {
      for attack in HostileCardTests.attacks {
        let card = ScriptedCard(respond: attack.answer)
        hardware.insert(card)
        await #expect(throws: OATHError.self, "\(attack)") { try await code() }
        hardware.remove(card)
        try await expectHonestCardWorks(after: attack.testDescription)
      }
      await reader.close()
    }
  }
}
