import Simulation
import Testing

/// What a transport of another kind (USB, CCID) builds on; only public interface is used here.
@Suite("The chip without a serial line")
struct BareChipTests {
  @Test("Commands go in, answers come out, time is whatever the caller says")
  func commands() {
    var chip = SimulatedChip(timing: .unpaced)
    chip.wakeUp()
    #expect(chip.begin([0x02], at: .zero) == .done(.data([0x03, 0x32, 0x01, 0x06, 0x07])))
    #expect(chip.begin([0xFE], at: .zero) == .done(.syntaxError))
    #expect(chip.begin([], at: .zero) == .done(.syntaxError))
  }

  @Test("A search waits for a change in the field, and goes on where it was")
  func search() {
    var chip = SimulatedChip(timing: .unpaced)
    #expect(chip.begin([0x4A, 0x01, 0x00], at: .seconds(1)) == .waiting(until: nil))
    chip.insert(MIFAREClassicCard(), at: .seconds(2) + .milliseconds(1))
    let due = Duration.seconds(2) + .milliseconds(5)
    #expect(chip.resume(at: .seconds(2) + .milliseconds(1)) == .waiting(until: due))
    #expect(
      chip.resume(at: due)
        == .done(.data([0x4B, 0x01, 0x01, 0x00, 0x04, 0x08, 0x04, 0x2C, 0x8E, 0x41, 0x9B])))
    #expect(!chip.isBusy)
  }

  @Test("Paced, an answer has its time, and a card that goes before it takes it along")
  func pacedAnswer() {
    let card = ScriptedCard { _ in CardAnswer([0x90, 0x00], computing: .milliseconds(20)) }
    var chip = SimulatedChip(timing: .paced)
    chip.insert(card, at: .zero)
    guard case .waiting(let found?) = chip.begin([0x4A, 0x01, 0x00], at: .zero) else {
      Issue.record("activation took no time")
      return
    }
    #expect(found > .milliseconds(8) && found < .milliseconds(20))
    _ = chip.resume(at: found)
    guard case .waiting(let due?) = chip.begin([0x40, 0x01, 0x00], at: found) else {
      Issue.record("the exchange took no time")
      return
    }
    chip.remove(card, at: due - .milliseconds(1))
    guard case .waiting(let timeout?) = chip.resume(at: due - .milliseconds(1)) else {
      Issue.record("the card's absence was noticed at once")
      return
    }
    #expect(timeout > due)
    #expect(chip.resume(at: timeout) == .done(.data([0x41, 0x01])))
  }

  @Test("A PN533 has its own version, status bytes before registers, and no automatic polling")
  func pn533() {
    var chip = SimulatedChip(model: .pn533, timing: .unpaced)
    #expect(chip.begin([0x02], at: .zero) == .done(.data([0x03, 0x33, 0x02, 0x07, 0x07])))
    #expect(chip.begin([0x06, 0x63, 0x02], at: .zero) == .done(.data([0x07, 0x00, 0x00])))
    #expect(chip.begin([0x08, 0x63, 0x02, 0x80], at: .zero) == .done(.data([0x09, 0x00])))
    #expect(chip.begin([0x60, 0x01, 0x01, 0x20], at: .zero) == .done(.syntaxError))
    #expect(chip.begin([0x14, 0x01], at: .zero) == .done(.syntaxError))
  }
}
