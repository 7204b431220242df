import Testing

@testable import Simulation

@Suite("A host that sends anything")
struct HostileHostTests {
  private func host() -> SerialHost {
    var host = SerialHost(cards: [
      OATHCard(credentials: [.init(name: "a", key: [1])]), MIFAREUltralightCard(),
      OATHCard(activation: .typeB(TypeBActivation())),
    ])
    host.setRetries(1)
    return host
  }

  @Test("Every command with any parameters is answered, refused or waited for, never a trap")
  func commands() {
    var random = SeededGenerator(seed: 21)
    var host = host()
    for round in 0..<20_000 {
      let code = UInt8(truncatingIfNeeded: random.next())
      let isKnown = round % 2 == 0
      let known: [UInt8] = [
        0x00, 0x04, 0x06, 0x08, 0x0E, 0x10, 0x12, 0x14, 0x32, 0x40, 0x42, 0x44, 0x4A, 0x4E, 0x52,
        0x54, 0x60,
      ]
      let parameters = random.bytes(Int(random.next() % 9)).map { $0 & 3 == 0 ? $0 : $0 & 0x0F }
      let command = [isKnown ? known[Int(code) % known.count] : code] + parameters
      host.write(SerialHost.frame(command))
      host.now += .milliseconds(3)
      if round % 500 == 0 { host.write([0x55, 0x55]) }
    }
    host = self.host()
    #expect(host.command([0x02]) != nil)
  }

  @Test("Any bytes at any speed leave the chip able to answer")
  func bytes() {
    var random = SeededGenerator(seed: 22)
    var host = host()
    for _ in 0..<5_000 {
      host.speed = SimulatedChip.serialSpeeds[Int(random.next() % 9)]
      host.write(
        random.bytes(Int(random.next() % 30)).map { $0 % 5 == 0 ? 0x00 : $0 % 7 == 0 ? 0xFF : $0 })
    }
    host.speed = 115_200
    // A frame that never ended may have swallowed the first ones.
    host.write([UInt8](repeating: 0x55, count: FrameReceiver.maximumLength + 10))
    #expect(host.command([0x02]) != nil)
  }

  @Test(
    "Any fault on any byte of a whole tap leaves a host with an answer or without, never a trap")
  func tapSweep() {
    func tap(_ host: inout SerialHost) -> [UInt8]? {
      _ = host.listA()
      _ = host.exchange([0x00, 0xA4, 0x04, 0x00, 0x07] + OATHApplication.identifier)
      return host.exchange([
        0x00, 0xA2, 0x00, 0x01, 0x0D, 0x71, 1, 0x61, 0x74, 8, 1, 2, 3, 4, 5, 6, 7, 8,
      ])
    }
    let card = OATHCard(credentials: [.init(name: "a", key: [1])])
    var clean = SerialHost(cards: [card])
    clean.serial.resetCounters()
    let right = tap(&clean)
    #expect(right?.prefix(5) == [0x41, 0x00, 0x76, 0x05, 0x06])
    for frame in clean.serial.recorder.frames where frame.direction == .toChip {
      for byte in frame.bytes.indices {
        for fault: LineFault in [.drop, .flip(0x01), .flip(0xFF), .insert([0x00])] {
          var host = SerialHost(cards: [card])
          host.serial.arm(.line(.toChip, frame: frame.index, byte: byte, fault))
          let answer = tap(&host)
          let isCode = answer?.count == right?.count && answer?.prefix(5) == right?.prefix(5)
          #expect(!isCode || answer == right, "\(frame.index).\(byte) \(fault)")
        }
      }
    }
  }
}
