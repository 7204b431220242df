import OneTimePassword
import SmartCard
import TestMaterial
import Testing

@testable import OTPCard

@Suite("A card that answers anything at all")
struct HostileCardTests {
  /// A card whose answers are now and then damaged, and now and then invented.
  private final actor HostileCard: CardChannel {
    let activation: Activation
    private var application = OATHApplication()
    private var generator: SeededGenerator
    private(set) var count = 0

    init(seed: UInt64) throws {
      activation = try Activation.test
      generator = SeededGenerator(seed: seed)
      application.credentials = [
        Fixtures.onCard("me"), Fixtures.onCard("you", algorithm: 0x11),
        Fixtures.onCard("60/she", algorithm: 0x22),
      ]
    }

    func transmit(
      _ command: CommandAPDU, deadline: ContinuousClock.Instant
    ) async throws(CardError) -> ResponseAPDU {
      count += 1
      let honest = application.process(command, CardProfile.all[Int(generator.next() % 3)])
      let statuses: [UInt16] = [0x9000, 0x61FF, 0x6100, 0x6C05, 0x6982, 0x6984, 0x6F00]
      let status = StatusWord(statuses[Int(generator.next() % 7)])
      switch generator.next() % 8 {
      case 0: return ResponseAPDU(data: generator.mutated(honest.data), statusWord: .success)
      case 1: return ResponseAPDU(data: generator.bytes(upTo: 60), statusWord: .success)
      case 2: return ResponseAPDU(data: honest.data, statusWord: status)
      case 3: throw CardError(.transmission(chipStatus: 2))
      default: return honest
      }
    }

    func reactivate(deadline: ContinuousClock.Instant) async throws(CardError) {
      application.powerUp()
    }
  }

  @Test("Every operation ends, in a value or a typed error, within bounded commands")
  func fuzz() async throws {
    for seed in UInt64(0)..<500 {
      let channel = try HostileCard(seed: seed)
      let card = OTPCard.OATHCard(channel, access: .ifLocked(try Fixtures.accessKey))
      do throws(OATHError) {
        switch seed % 5 {
        case 0: _ = try await card.contents(deadline: .farAway)
        case 1: _ = try await card.codes(at: 59, deadline: .farAway)
        case 2:
          let code = try await card.code(matching: "you", at: 59, deadline: .farAway)
          #expect((6...8).contains(code.code.digitCount))
        case 3:
          let code = try await card.code(matching: "me", at: 59, deadline: .farAway)
          #expect((6...8).contains(code.code.digitCount))
        default:
          if let name = OATHName("me") { try await card.delete(name, deadline: .farAway) }
        }
      } catch {
        #expect(!"\(error)".isEmpty)
      }
      #expect(await channel.count < 4 * 3 * 302)
    }
  }
}
