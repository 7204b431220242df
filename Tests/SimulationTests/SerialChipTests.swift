import Testing

@testable import Simulation

@Suite("The chip on its serial line")
struct SerialChipTests {
  @Test("A firmware request is acknowledged and answered, byte for byte")
  func firmware() {
    var host = SerialHost()
    let out = host.write(.init(hex: "0000ff02fed4022a00"))
    #expect(out == .init(hex: "0000ff00ff00 0000ff06fad50332010607e800"))
  }

  @Test("libnfc's communication check gets its text back")
  func diagnose() {
    var host = SerialHost()
    let request: [UInt8] = [0x00, 0x00] + Array("libnfc".utf8)
    #expect(host.command(request) == [0x01, 0x00] + Array("libnfc".utf8))
  }

  @Test("nfcpy's longest line test comes back in an extended frame")
  func extendedDiagnose() {
    var host = SerialHost()
    let data = [0x00] + (0..<262).map { UInt8($0 & 0xFF) }
    #expect(host.command([0x00] + data) == [0x01] + data)
  }

  @Test("A frame with a wrong sum is dropped without a word")
  func damagedFrame() {
    var host = SerialHost()
    var frame = SerialHost.frame([0x02])
    frame[7] ^= 0x01
    #expect(host.write(frame).isEmpty)
    #expect(host.command([0x02]) == [0x03, 0x32, 0x01, 0x06, 0x07])
  }

  @Test("An unknown command, or one with too few parameters, gets the error frame")
  func unknownCommand() {
    for command: [UInt8] in [[0x99], [0x4A], [0x32, 0x77, 0x00], [0x00, 0x09], [0x10, 0x09]] {
      var host = SerialHost()
      let out = host.write(SerialHost.frame(command)) + host.finish()
      #expect(out == ChipFrame.acknowledge.encoded + ChipFrame.syntaxError.encoded, "\(command)")
    }
  }

  @Test("A negative acknowledgement brings the last answer again")
  func negativeAcknowledgement() {
    var host = SerialHost()
    host.command([0x02])
    let out = host.write(ChipFrame.negativeAcknowledge.encoded)
    #expect(out == .init(hex: "0000ff06fad50332010607e800"))
  }

  @Test("An endless search ends with the host's acknowledgement, without an answer")
  func abortByAcknowledgement() {
    var host = SerialHost()
    #expect(host.write(SerialHost.frame([0x4A, 1, 0])) == ChipFrame.acknowledge.encoded)
    #expect(host.serial.nextEvent == nil)
    #expect(host.write(ChipFrame.acknowledge.encoded).isEmpty)
    host.serial.chip.insert(OATHCard(), at: host.now)
    host.serial.fieldChanged(at: host.now)
    #expect(host.finish().isEmpty)
  }

  @Test("An endless search ends with the next command, which is answered alone")
  func abortByCommand() {
    var host = SerialHost()
    host.write(SerialHost.frame([0x4A, 1, 0]))
    #expect(host.command([0x02]) == [0x03, 0x32, 0x01, 0x06, 0x07])
  }

  @Test("An endless search finds the card that comes")
  func search() {
    var host = SerialHost()
    host.write(SerialHost.frame([0x4A, 1, 0]))
    host.serial.chip.insert(OATHCard(), at: host.now)
    host.serial.fieldChanged(at: host.now)
    #expect(SerialHost.answer(host.finish())?.prefix(3) == [0x4B, 0x01, 0x01])
  }

  // MARK: Sleep

  @Test("A sleeping chip loses what wakes it")
  func asleep() {
    var host = SerialHost(isAwake: false)
    #expect(host.write(Array(SerialHost.frame([0x02]).prefix(5))).isEmpty)
    host = SerialHost(isAwake: false)
    let wakeUp: [UInt8] = [0x55, 0x55] + [UInt8](repeating: 0, count: 14)
    #expect(host.write(wakeUp).isEmpty)
    #expect(host.command([0x14, 0x01]) == [0x15])
  }

  @Test("Zeros wake the chip as well, if there are enough of them")
  func wokenByZeros() {
    let command = SerialHost.frame([0x02])
    var host = SerialHost(isAwake: false)
    #expect(host.write([UInt8](repeating: 0, count: 10) + command).count > 6)
    host = SerialHost(isAwake: false)
    #expect(host.write([UInt8](repeating: 0, count: 3) + command).isEmpty)
  }

  @Test("Power-down is answered, and the line wakes only a chip that may be woken by it")
  func powerDown() {
    var host = SerialHost()
    #expect(host.command([0x16, 0xF0]) == [0x17, 0x00])
    #expect(host.command([0x02]) == nil)
    host.write([0x55, 0x55])
    #expect(host.command([0x02]) != nil)
    #expect(host.command([0x16, 0x20]) == [0x17, 0x00])
    host.write([0x55, 0x55])
    #expect(host.command([0x02]) == nil)
  }

  // MARK: Speed

  @Test("The speed changes after the host's acknowledgement, not before")
  func speedChange() {
    var host = SerialHost()
    #expect(host.command([0x10, 0x07]) == [0x11])
    #expect(host.serial.awaitsNewSpeed)
    host.write(ChipFrame.acknowledge.encoded)
    #expect(!host.serial.awaitsNewSpeed)
    #expect(host.command([0x02]) == nil)
    host.speed = 921_600
    #expect(host.command([0x02]) != nil)
  }

  @Test("What is read together with the acknowledgement is at the new speed; a flush hides neither")
  func speedChangeInOneRead() {
    let acknowledgement = ChipFrame.acknowledge.encoded
    for before: [UInt8] in [acknowledgement, []] {
      var host = SerialHost()
      host.command([0x10, 0x07])
      host.speed = 921_600
      let next = before.isEmpty ? [] : SerialHost.frame([0x02])
      host.serial.hostSentWhileChangingSpeed(before + next, speed: host.speed, at: host.now)
      #expect(host.finish().count == (before.isEmpty ? 0 : 19))
      #expect(host.command([0x02]) != nil)
    }
  }

  @Test("Another command in place of the acknowledgement leaves the speed as it was")
  func speedNotChanged() {
    var host = SerialHost()
    host.command([0x10, 0x07])
    #expect(host.command([0x02]) != nil)
    host.write(ChipFrame.acknowledge.encoded)
    #expect(host.command([0x02]) != nil)
  }

  @Test("At the wrong speed nothing understandable passes either way")
  func wrongSpeed() {
    for speed in SimulatedChip.serialSpeeds where speed != 115_200 {
      var host = SerialHost()
      host.speed = speed
      #expect(host.command([0x02]) == nil, "\(speed)")
    }
  }

  @Test("Beyond the line's limit nothing passes, although both ends agree")
  func lineLimit() {
    var host = SerialHost()
    host.serial.maximumSpeed = 115_200
    host.command([0x10, 0x05])
    host.write(ChipFrame.acknowledge.encoded)
    host.speed = 230_400
    #expect(host.command([0x02]) == nil)
  }

  // MARK: Time

  @Test("A paced line takes ten bits a byte, and the answer waits for the acknowledgement")
  func pacing() throws {
    var timing = Timing.paced
    timing.acknowledgement = .microseconds(100)
    timing.housekeeping = .microseconds(200)
    var host = SerialHost(timing: timing)
    let start = host.now
    host.write(SerialHost.frame([0x02]))
    _ = host.finish()
    let byte = Duration.nanoseconds(10_000_000_000 / 115_200)
    // The postamble is not waited for.
    let understood = start + byte * 8
    try #require(host.received.count == 2)
    #expect(host.received[0].last == understood + .microseconds(100) + byte * 6)
    #expect(host.received[1].last == host.received[0].last + .microseconds(200) + byte * 13)
  }

  @Test("At four times the speed the same bytes take a quarter of the time")
  func pacedSpeeds() throws {
    var line = SerialLine(isPaced: true)
    let slow = line.chipSends([1, 2, 3], speed: 115_200, at: .zero, pause: .zero)
    line = SerialLine(isPaced: true)
    let fast = line.chipSends([1, 2, 3], speed: 460_800, at: .zero, pause: .zero)
    #expect(abs(slow / fast - 4) < 0.001)
  }

  @Test("A chip that lost its supply has forgotten everything and sleeps")
  func supplyLoss() {
    var host = SerialHost(cards: [OATHCard()])
    host.setRetries(0)
    host.command([0x08, 0x63, 0x3D, 0x07])
    #expect(host.listA()?.prefix(2) == [0x4B, 0x01])
    host.serial.arm(.chip(command: 0, .reset))
    #expect(host.command([0x02]) == nil)
    #expect(host.command([0x02]) == nil)
    host.write([0x55, 0x55])
    #expect(host.command([0x06, 0x63, 0x3D]) == [0x07, 0x00])
    #expect(host.exchange([0x00]) == [0x41, 0x27])
  }
}
