import Testing

@testable import Simulation

@Suite("Exchanging data with a card")
struct ChipExchangeTests {
  private func host(
    _ card: any VirtualCard, timing: Timing = .unpaced
  ) -> SerialHost {
    var host = SerialHost(timing: timing, cards: [card])
    host.setRetries(2)
    _ = host.command(
      [0x4A, 0x01, card.activation.technology == .a ? 0x00 : 0x03, 0x00].dropLast(
        card.activation.technology == .a ? 1 : 0))
    return host
  }

  /// Answers as many bytes as the command's first two say.
  private func counting(extendsWaitingTime: Bool = true, lateness: Duration = .zero)
    -> ScriptedCard
  {
    ScriptedCard(extendsWaitingTime: extendsWaitingTime) { command in
      let count = command.count > 1 ? Int(command[0]) << 8 | Int(command[1]) : 0
      var answer = CardAnswer((0..<count).map { UInt8($0 & 0xFF) })
      answer.lateness = lateness
      return answer
    }
  }

  @Test("No target, no exchange")
  func noTarget() {
    var host = SerialHost()
    #expect(host.exchange([0x00]) == [0x41, 0x27])
    #expect(host.command([0x54, 0x01]) == [0x55, 0x27])
    #expect(host.command([0x44, 0x01]) == [0x45, 0x27])
    #expect(host.command([0x52, 0x00]) == [0x53, 0x00])
  }

  @Test("Answers of every length arrive whole, from none to what one answer holds")
  func lengths() {
    var host = host(counting())
    for count in [0, 1, 2, 60, 61, 62, 122, 255, 258, 262] {
      let answer = host.exchange([UInt8(count >> 8), UInt8(count & 0xFF)])
      #expect(answer == [0x41, 0x00] + (0..<count).map { UInt8($0 & 0xFF) }, "\(count)")
    }
  }

  @Test("A longer answer comes in parts that say there is more")
  func moreFromCard() {
    var host = host(counting())
    var data: [UInt8] = []
    var answer = host.exchange([0x02, 0x58])
    while let part = answer, part[1] == 0x40 {
      data += part.dropFirst(2)
      answer = host.exchange([])
    }
    #expect(answer?[1] == 0x00)
    data += answer?.dropFirst(2) ?? []
    #expect(data == (0..<600).map { UInt8($0 & 0xFF) })
  }

  @Test("A longer command goes in parts that say there is more")
  func moreFromHost() {
    var host = host(ScriptedCard { CardAnswer([UInt8($0.count >> 8), UInt8($0.count & 0xFF)]) })
    let part = [UInt8](repeating: 0xA5, count: 200)
    #expect(host.exchange(part, target: 0x41) == [0x41, 0x00])
    #expect(host.exchange(part, target: 0x41) == [0x41, 0x00])
    #expect(host.exchange(part, target: 0x01) == [0x41, 0x00, 0x02, 0x58])
  }

  @Test("A small card buffer splits commands on the air, unseen by the host")
  func smallFrames() {
    let activation = TypeAActivation.isoDEP(ats: [0x05, 0x70, 0x80, 0x81, 0x00])
    var host = host(
      ScriptedCard(activation: .typeA(activation)) { CardAnswer([UInt8($0.count)]) })
    #expect(host.exchange([UInt8](repeating: 1, count: 100)) == [0x41, 0x00, 100])
  }

  @Test("A type B card exchanges under its card identifier")
  func typeB() {
    let card = ScriptedCard(activation: .typeB(TypeBActivation())) { CardAnswer($0.reversed()) }
    var host = host(card)
    #expect(host.exchange([1, 2, 3]) == [0x41, 0x00, 3, 2, 1])
  }

  @Test("A node address sets bit 7 of the status, an endless answer bit 6 for ever")
  func statusBits() {
    var host = host(counting())
    host.serial.arm(.card(apdu: 0, .nodeAddress(0x21)))
    #expect(host.exchange([0, 2]) == [0x41, 0x80, 0x21, 0, 1])
    host.serial.arm(.card(apdu: 0, .neverEnds))
    #expect(host.exchange([0, 2])?[1] == 0x40)
    for _ in 0..<20 { #expect(host.exchange([])?[1] == 0x40) }
  }

  // MARK: Time

  @Test("A card that is late and asks for no time is given up after its frame waiting time")
  func lateCard() {
    var host = host(counting(extendsWaitingTime: false, lateness: .milliseconds(500)))
    let start = host.now
    #expect(host.exchange([0, 1]) == [0x41, 0x01])
    let waited = host.now - start
    #expect(waited > .milliseconds(77) && waited < .milliseconds(82))
  }

  @Test("A card that asks for time gets it, and the exchange takes as long as the card")
  func waitingTimeExtension() {
    var host = host(counting(lateness: .milliseconds(500)))
    let start = host.now
    #expect(host.exchange([0, 1]) == [0x41, 0x00, 0x00])
    #expect(host.now - start == .milliseconds(500))
  }

  @Test("A mute card is given up after its frame waiting time, whatever that is")
  func frameWaitingTime() {
    for index in [0, 4, 8, 14] {
      let ats: [UInt8] = [0x05, 0x78, 0x80, UInt8(index << 4), 0x00]
      var host = host(
        ScriptedCard(activation: .typeA(.isoDEP(ats: ats))) { _ in CardAnswer(nil) })
      let start = host.now
      #expect(host.exchange([0]) == [0x41, 0x01])
      let expected = (4_096 * Double(1 << index) + 49_152) / 13.56
      #expect(abs((host.now - start) / .microseconds(1) - expected) < 1, "\(index)")
    }
  }

  @Test("A card without the block protocol has the time the host set")
  func retryTimeout() {
    var host = host(MIFAREClassicCard())
    host.command([0x32, 0x02, 0x00, 0x0B, 0x0B])
    let start = host.now
    #expect(host.exchange([0x30, 0x00]) == [0x41, 0x01])
    #expect(host.now - start == .microseconds(102_400))
    #expect(host.exchange([0x60, 0x00]) == [0x41, 0x14])
  }

  @Test("A paced exchange takes the air time of every byte both ways")
  func airTime() {
    var timing = Timing.paced
    timing.pacesSerialLine = false
    timing.exchangeStep = .zero
    timing.acknowledgement = .zero
    var host = host(
      ScriptedCard { _ in CardAnswer([1, 2, 3], computing: .milliseconds(5)) }, timing: timing)
    let start = host.now
    _ = host.exchange([9, 9])
    // Block: control byte, data, two of checksum.
    let bytes = (1 + 2 + 2) + (1 + 3 + 2)
    #expect(host.now - start == .microseconds(85 * bytes + 2 * 90) + .milliseconds(5))
  }

  @Test("At 424 kbit/s the air takes a quarter of the time, if the card offers it")
  func rates() {
    var timing = Timing.paced
    timing.frameDelay = .zero
    timing.exchangeStep = .zero
    timing.acknowledgement = .zero
    timing.pacesSerialLine = false
    let fast = ScriptedCard(activation: .typeA(.isoDEP(ats: [0x05, 0x78, 0x33, 0x81, 0x00])))
    var host = host(fast, timing: timing)
    #expect(host.command([0x4E, 0x01, 0x02, 0x02]) == [0x4F, 0x00])
    let start = host.now
    #expect(host.exchange([9]) == [0x41, 0x00, 0x6D, 0x00])
    #expect(host.now - start == .microseconds(85 * (4 + 5)) / 4)
    var other = self.host(ScriptedCard(), timing: timing)
    #expect(other.command([0x4E, 0x01, 0x02, 0x02]) == [0x4F, 0x01])
    #expect(other.exchange([9]) == [0x41, 0x00, 0x6D, 0x00])
  }

  @Test("A card taken away during an exchange ends it with a time-out")
  func takenAway() {
    let card = counting(lateness: .milliseconds(300))
    var host = host(card)
    host.write(SerialHost.frame([0x40, 0x01, 0x00, 0x01]))
    _ = host.pass(.milliseconds(100))
    host.serial.chip.remove(card, at: host.now)
    host.serial.fieldChanged(at: host.now)
    #expect(SerialHost.answer(host.finish()) == [0x41, 0x01])
    #expect(host.exchange([0, 1]) == [0x41, 0x01])
  }

  // MARK: Deselection and presence

  @Test("A deselected card is woken by the next exchange, with its state lost")
  func wokenByExchange() {
    var host = host(ScriptedCard { CardAnswer($0) })
    #expect(host.command([0x44, 0x01]) == [0x45, 0x00])
    #expect(host.exchange([7]) == [0x41, 0x00, 7])
    #expect(host.command([0x52, 0x01]) == [0x53, 0x00])
    #expect(host.exchange([7]) == [0x41, 0x27])
  }

  @Test("The presence check finds the card until it is gone")
  func presence() {
    let card = ScriptedCard()
    var host = host(card)
    #expect(host.command([0x00, 0x06]) == [0x01, 0x00])
    host.serial.chip.remove(card, at: host.now)
    #expect(host.command([0x00, 0x06]) == [0x01, 0x01])
  }

  @Test("The field off takes the targets with it")
  func fieldOff() {
    var host = host(ScriptedCard())
    #expect(host.command([0x04])?.prefix(4) == [0x05, 0x00, 0x01, 0x01])
    host.command([0x32, 0x01, 0x00])
    #expect(host.command([0x04]) == [0x05, 0x00, 0x00, 0x00, 0x80])
    #expect(host.exchange([0]) == [0x41, 0x27])
  }

  // MARK: Raw frames

  @Test("A host that does the block protocol itself gets its blocks through, checksum and all")
  func rawBlocks() {
    var host = SerialHost(cards: [ScriptedCard { CardAnswer($0) }])
    host.setRetries(0)
    host.command([0x12, 0x00])
    #expect(host.listA()?.count == 14)
    #expect(host.command([0x42, 0xE0, 0x80]) == .init(hex: "43000578808100"))
    #expect(host.command([0x42, 0x02, 0xAA]) == [0x43, 0x00, 0x02, 0xAA])
    #expect(host.command([0x42, 0x03, 0xBB]) == [0x43, 0x00, 0x03, 0xBB])
    #expect(host.command([0x42, 0xC2]) == [0x43, 0x00, 0xC2])
    #expect(host.command([0x42, 0x02, 0xAA]) == [0x43, 0x01])
  }

  @Test("Without the chip's checksum the host's own is sent and received")
  func ownChecksum() {
    var host = SerialHost(cards: [ScriptedCard { CardAnswer($0) }])
    host.setRetries(0)
    _ = host.listA()
    host.command([0x08, 0x63, 0x02, 0x00, 0x63, 0x03, 0x00])
    let block = AirChecksum.typeA([0x02, 0xAA])
    #expect(host.command([0x42, 0x02, 0xAA] + block) == [0x43, 0x00, 0x02, 0xAA] + block)
    #expect(host.command([0x42, 0x02, 0xAA, 0x00, 0x00]) == [0x43, 0x01])
  }

  @Test("Seven bits of a request reach the card, and the collision-free UID comes back")
  func rawActivation() {
    var host = SerialHost(cards: [MIFAREClassicCard(uid: [0x2C, 0x8E, 0x41, 0x9B])])
    host.command([0x08, 0x63, 0x02, 0x00, 0x63, 0x03, 0x00, 0x63, 0x3D, 0x07])
    #expect(host.command([0x42, 0x26]) == [0x43, 0x00, 0x04, 0x00])
    host.command([0x08, 0x63, 0x3D, 0x00])
    #expect(host.command([0x42, 0x93, 0x20]) == .init(hex: "4300 2c8e419b78"))
  }
}

@Suite("Checksums of the air")
struct AirChecksumTests {
  @Test("The examples of ISO/IEC 14443-3 annex B")
  func examples() {
    #expect(AirChecksum.typeA([0x00, 0x00]) == [0xA0, 0x1E])
    #expect(AirChecksum.typeA([0x12, 0x34]) == [0x26, 0xCF])
    #expect(AirChecksum.typeB([0x00, 0x00, 0x00]) == [0xCC, 0xC6])
    #expect(AirChecksum.typeB([0x0F, 0xAA, 0xFF]) == [0xFC, 0xD1])
    #expect(AirChecksum.typeB([0x0A, 0x12, 0x34, 0x56]) == [0x2C, 0xF6])
  }
}
